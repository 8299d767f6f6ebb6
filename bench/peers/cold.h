// A cold process: a node or a Python that is started for one call of a handler.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/install/language.h"

namespace fw::bench {

struct ColdCall {
  std::filesystem::path program;       // executable of the interpreter
  std::vector<std::string> arguments;  // of the interpreter itself
  std::filesystem::path script;        // where write_cold_script() put it
  std::filesystem::path file;          // with the handler
  std::string handler;                 // "export.nested"; empty: by convention
  std::string event;                   // JSON text
};

// Writes into `folder` the script that loads a handler, calls it and prints its
// answer, and returns where it is: cold.js or cold.py.
Result<std::filesystem::path> write_cold_script(store::Language language,
                                                const std::filesystem::path& folder);

struct ColdAnswer {
  double answer_us = 0;  // from before the start until the answer was here
  double end_us = 0;     // until the process had ended
  std::string answer;    // JSON text
};

// Starts a process, waits for its answer and for its end.
Result<ColdAnswer> call_cold(const ColdCall& call);

}  // namespace fw::bench

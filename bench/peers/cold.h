// A cold process: a node that is started for one call of a handler.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace fw::bench {

struct ColdCall {
  std::filesystem::path node;    // executable
  std::filesystem::path script;  // cold.js, where write_cold_script() put it
  std::filesystem::path file;    // with the handler
  std::string handler;           // "export.nested"; empty: by convention
  std::string event;             // JSON text
};

// The script that loads a handler, calls it and prints its answer.
Status write_cold_script(const std::filesystem::path& path);

struct ColdAnswer {
  double answer_us = 0;  // from before the start until the answer was here
  double end_us = 0;     // until the process had ended
  std::string answer;    // JSON text
};

// Starts a process, waits for its answer and for its end.
Result<ColdAnswer> call_cold(const ColdCall& call);

}  // namespace fw::bench

// The interpreters that cold processes are started with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/install/language.h"

namespace fw::bench {

struct Interpreter {
  std::string key;   // "debian", "newest", "python": ends the names of its figures
  std::string what;  // "Debian node 18.20.4"
  std::filesystem::path program;
  std::vector<std::string> arguments{};  // of its own, before the script
  std::string note{};                    // what it is, in a sentence; empty: `what` says it
};

// Debian's node is `host`, fwrun-v8host, which run with a script is that.
Result<Interpreter> debian_node(const std::filesystem::path& host);
// The highest version of all there are in PATH and HOME.
Result<Interpreter> newest_node_here();
// Debian's Python, isolated, and leaving no __pycache__ in a function's folder: the
// function's own file is compiled at every start, as that of `python3 FILE` is;
// libraries have their bytecode.
Result<Interpreter> debian_python();

}  // namespace fw::bench

// Programs run the way peers are measured: with an empty environment but PATH
// and what the caller adds, standard input empty.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/result.h"

namespace fw::bench {

struct Program {
  std::filesystem::path path;
  std::vector<std::string> arguments;
  std::vector<std::string> environment{};  // NAME=VALUE, besides PATH
};

struct Finished {
  std::string output;               // standard output
  std::uint64_t first_line_ns = 0;  // from before the start until its first line was here
  std::uint64_t end_ns = 0;         // until it had ended and was reaped
};

// Starts it, its standard output and standard error going to these descriptors.
Result<Process> start(const Program& program, int out, int err);

// NAME=VALUE of all variables that this process has, but PATH: for programs that need
// what the user set, to reach the network for instance.
std::vector<std::string> environment_here();

// Runs it to its end. Fails when it cannot be started, ends with anything but
// exit code 0 (with what it wrote to standard error), prints no line, or takes
// more than a minute, when it is killed. It is reaped in any case.
Result<Finished> run(const Program& program);

}  // namespace fw::bench

// `fwrun --invoke` as a user types it: a process that starts another.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/functions/subject.h"
#include "bench/program.h"
#include "store/home.h"

namespace fw::bench {

struct CommandLine {
  std::string key;  // "nop.command"
  std::string what;
  Program program;
  std::vector<double> samples_us{};
};

std::vector<CommandLine> make_commands(const std::vector<Subject>& subjects,
                                       const store::Home& home, const std::filesystem::path& fwrun);

// From the start of the command until its answer is read.
Status measure(CommandLine& command, std::size_t count);

void report(const std::vector<CommandLine>& commands, Figures& figures);

}  // namespace fw::bench

// Runs the real fwrun-bench.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/unique_fd.h"

namespace fw::test {

struct Ended {
  int code = -1;  // 128 + signal when killed by one
  std::string out;
  std::string err;
};

class BenchCommand {
 public:
  // Starts it, in `folder`.
  BenchCommand(std::vector<std::string> arguments, const std::filesystem::path& folder);

  // Waits until its standard error holds `text`; fails the test if it ends first.
  void wait_for_note(const std::string& text);
  Process& process() { return process_; }
  Ended wait();

 private:
  UniqueFd out_;
  UniqueFd err_;
  Process process_;
};

Ended run_bench(std::vector<std::string> arguments, const std::filesystem::path& folder = "/");

}  // namespace fw::test

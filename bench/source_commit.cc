#include "bench/source_commit.h"

#include "bench/program.h"

namespace fw::bench {

std::string source_commit() {
  // env finds git in the PATH that run() gives.
  const Result<Finished> told = run(
      {"/usr/bin/env", {"git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*"}});
  return told ? told->output.substr(0, told->output.find('\n')) : std::string();
}

}  // namespace fw::bench

// The peers: cold processes that are asked what the restored functions are asked. Of
// Debian's node and of the newest node there is for JavaScript, of Debian's Python for
// Python. They start threads of their own, so each is measured in two ways: on the one
// CPU that restores have, and on all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/bounds.h"
#include "bench/cpu.h"
#include "bench/functions/subject.h"
#include "bench/peers/cold.h"
#include "bench/rounds.h"

namespace fw::bench {

struct Contender {
  std::string function;  // key of the subject: "nop"
  std::string way;       // "debian.one_cpu"
  std::string what;      // "node 20.11.1 on one CPU, NOP"
  bool all_cpus = false;
  bool slow = false;  // half as many of it tell as much
  ColdCall call;
  std::string expected;  // the answer; empty: any
  std::vector<double> answers_us{};
  std::vector<double> ends_us{};
};

struct Contest {
  std::vector<Contender> contenders;
  std::vector<std::string> notes;  // which programs the peers are
};

// `host`: fwrun-v8host, which run with a script is Debian's node as a library.
// Writes scripts into `folder`. Every contender has answered once when this
// returns; one that cannot is left out, and `unavailable` says why.
Result<Contest> prepare_contest(const std::vector<Subject>& subjects,
                                const std::filesystem::path& host,
                                const std::filesystem::path& folder, const Cpus& cpus,
                                Unavailable& unavailable);

Status measure(Contender& contender, std::size_t count, const Cpus& cpus);

// Adds FUNCTION.cold.WAY, until the answer, and FUNCTION.cold_to_exit.WAY.
void report(const Contest& contest, Figures& figures);

}  // namespace fw::bench

// Fork boots: from the request until the answer of a process that was forked for it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/functions/subject.h"
#include "bench/serving/direct.h"

namespace fw::bench {

struct ForkBoots {
  std::string key;   // "nop.fork"
  std::string what;  // "NOP"
  Target target;
  DirectTemplate from;
  std::vector<double> boot_us{};
  std::vector<double> first_call_us{};
  std::vector<double> minor_faults{};
  // By name, in order of time (store/phases.h).
  std::vector<std::pair<std::string, std::vector<double>>> phases_us{};
};

// Starts a template for each subject, which must outlive them. Each has forked `warm_up`
// processes when this returns.
Result<std::vector<ForkBoots>> make_fork_boots(const std::vector<Subject>& subjects,
                                               const std::filesystem::path& restorer,
                                               std::size_t warm_up);

// `count` processes, one after the other, each gone before the next.
Status measure(ForkBoots& boots, std::size_t count);

// Adds KEY.boot (the end of a process not included), .first_call (the handler alone),
// .minor_faults and .phase.NAME.
void report(const std::vector<ForkBoots>& all, Figures& figures);

}  // namespace fw::bench

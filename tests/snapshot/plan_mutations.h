// Damages a head with a plan at random, reproducibly, and probes each result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace fw::test {

struct MutationRun {
  std::size_t accepted = 0;
  std::map<std::string, std::size_t> refused;  // by reason
};

// Half of the mutants get a right checksum.
MutationRun run_mutations(std::span<const char> head, std::uint64_t seed, int rounds);

}  // namespace fw::test

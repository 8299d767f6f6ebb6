// A plain C++ program that is slow to start and fast to answer.
//
//   primes IMAGE          spends a second on a table, captures itself to IMAGE
//   fwrun-restore IMAGE   answers from the table, one number a line on stdin
//
// It uses the snapshot library alone: no language runtime, no daemon.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "snapshot/snapshot.h"

namespace {

// least_factor[n]: the smallest prime that divides n.
std::vector<std::uint32_t> least_factors(std::uint32_t limit) {
  std::vector<std::uint32_t> least(limit + 1);
  for (std::uint32_t n = 2; n <= limit; ++n) {
    if (least[n] != 0) continue;
    for (std::uint64_t multiple = n; multiple <= limit; multiple += n) {
      if (least[multiple] == 0) least[multiple] = n;
    }
  }
  return least;
}

void answer(const std::vector<std::uint32_t>& least) {
  unsigned number = 0;
  while (std::scanf("%u", &number) == 1) {
    if (number < 2 || number >= least.size()) {
      std::printf("%u: give a number from 2 to %zu\n", number, least.size() - 1);
      continue;
    }
    std::printf("%u =", number);
    for (const char* times = " "; number > 1; number /= least[number], times = " x ") {
      std::printf("%s%u", times, least[number]);
    }
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s IMAGE\n", argv[0]);
    return 2;
  }
  const std::vector<std::uint32_t> least = least_factors(20'000'000);

  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report;
  switch (fw_snapshot_here(&request, &report)) {
    case 0:  // the process that was captured
      std::printf("captured %llu MB in %u mappings\n",
                  static_cast<unsigned long long>(report.image_bytes >> 20), report.mappings);
      return 0;
    case 1:  // a restored one
      answer(least);
      return 0;
    default:
      std::fprintf(stderr, "%s: %s\n", argv[0], report.reason);
      return 1;
  }
}

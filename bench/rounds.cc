#include "bench/rounds.h"

#include "bench/interrupt.h"

namespace fw::bench {

Status run_rounds(const std::vector<Lane>& lanes, std::size_t rounds) {
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const Lane& lane : lanes) {
      const std::size_t share = lane.total * (round + 1) / rounds - lane.total * round / rounds;
      if (share == 0) continue;
      FW_TRY(check_interrupt());
      FW_TRY(lane.measure(share));
    }
  }
  return {};
}

}  // namespace fw::bench

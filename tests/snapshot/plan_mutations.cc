#include "tests/snapshot/plan_mutations.h"

#include <cstring>
#include <iterator>
#include <random>
#include <vector>

#include "snapshot/image/format.h"
#include "tests/snapshot/plan_probe.h"

namespace fw::test {
namespace {

using Random = std::mt19937_64;

constexpr std::uint64_t kInteresting[] = {0,
                                          1,
                                          2,
                                          3,
                                          7,
                                          8,
                                          63,
                                          64,
                                          4095,
                                          4096,
                                          0x7fffffff,
                                          0x80000000,
                                          0xffffffff,
                                          0x100000000,
                                          0x5fffffffffff,
                                          image::kWindowStart,
                                          image::kWindowEnd,
                                          0x7ffffffff000,
                                          0x7fffffffffffffff,
                                          0x8000000000000000,
                                          0xfffffffffffff000,
                                          0xffffffffffffffff};

// Most damage is done to the plan, some to the head in front of it.
std::size_t choose_place(Random& random, std::size_t size, std::size_t width) {
  const std::size_t head = std::min<std::size_t>(size, 256);
  const std::size_t plan = std::min<std::size_t>(size, image::kPage);
  const std::size_t low = random() % 16 == 0 ? 0 : plan;
  const std::size_t high = low == 0 ? head : size;
  if (high - low <= width) return 0;
  return (low + random() % (high - low - width)) / width * width;
}

void mutate(Random& random, std::vector<char>* bytes) {
  const auto put = [&](std::size_t width, std::uint64_t value) {
    const std::size_t at = choose_place(random, bytes->size(), width);
    if (at + width <= bytes->size()) std::memcpy(bytes->data() + at, &value, width);
  };
  const std::uint64_t value = kInteresting[random() % std::size(kInteresting)];
  switch (random() % 6) {
    case 0: {
      const std::size_t at = choose_place(random, bytes->size(), 1);
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << random() % 8));
      break;
    }
    case 1:
      put(4, value);
      break;
    case 2:
      put(8, value);
      break;
    case 3:
      put(2, random());
      break;
    case 4: {  // a block over another
      const std::size_t length = 8 + random() % 64 / 8 * 8;
      const std::size_t from = choose_place(random, bytes->size(), 8);
      const std::size_t to = choose_place(random, bytes->size(), 8);
      if (std::max(from, to) + length <= bytes->size()) {
        std::memmove(bytes->data() + to, bytes->data() + from, length);
      }
      break;
    }
    default:
      if (random() % 8 == 0) bytes->resize(random() % bytes->size() + 1);
      break;
  }
}

}  // namespace

MutationRun run_mutations(std::span<const char> head, std::uint64_t seed, int rounds) {
  Random random(seed);
  MutationRun run;
  for (int i = 0; i < rounds; ++i) {
    std::vector<char> mutant(head.begin(), head.end());
    for (std::uint64_t n = random() % 4; n < 4; ++n) mutate(random, &mutant);
    const Probe probe = probe_plan(mutant, i % 2 == 0);
    if (probe.accepted) {
      ++run.accepted;
    } else {
      ++run.refused[probe.reason];
    }
  }
  return run;
}

}  // namespace fw::test

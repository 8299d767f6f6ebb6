// libFuzzer target: what is read of an image before it is believed. With
// FW_FUZZERS=ON, build/tests/fuzz_plan; a good corpus is the first 64 KB of any image.
#include <cstddef>
#include <cstdint>

#include "tests/snapshot/plan_probe.h"

// The name is libFuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The checksum keeps out chance, not malice: it is made right.
  fw::test::probe_plan({reinterpret_cast<const char*>(data), size}, true);
  return 0;
}

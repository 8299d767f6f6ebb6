// The main thread's stack grows by faults, until a limit. A restored stack is
// ordinary memory: 7 MB of recursion must find room all the same, with zeros in it
// or not, and the frames that were there must be whole on the way back.
#include <cstring>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

constexpr std::size_t kFrame = 16 * 1024;

[[gnu::noinline]] std::size_t descend(std::size_t left, std::uint32_t depth) {
  volatile char frame[kFrame];
  frame[0] = static_cast<char>(depth);
  frame[kFrame - 1] = static_cast<char>(depth + 1);
  std::size_t below = 0;
  if (left > kFrame) below = descend(left - kFrame, depth + 1);
  EXPECT_EQ(frame[0], static_cast<char>(depth));
  EXPECT_EQ(frame[kFrame - 1], static_cast<char>(depth + 1));
  return below + kFrame;
}

// Captures deep in the stack, so that the frames above are part of the image.
[[gnu::noinline]] void capture_at_depth(const char* image, std::uint32_t depth) {
  char frame[kPage];
  fill(frame, sizeof frame, depth);
  if (depth > 0) {
    capture_at_depth(image, depth - 1);
  } else {
    snapshot(image);
  }
  EXPECT(holds(frame, sizeof frame, depth));
}

}  // namespace

int main(int, char** argv) {
  capture_at_depth(argv[1], 40);
  EXPECT(descend(std::size_t{7} << 20, 0) >= std::size_t{7} << 20);
}

// The program break, which the kernel keeps beside the memory: after a restore it
// must be where it was, grow with zeros, and shrink.
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

char* top() { return static_cast<char*>(::sbrk(0)); }

}  // namespace

int main(int, char** argv) {
  // Malloc's top may lie in the same memory, so it must not be asked meanwhile.
  const std::string image = argv[1];
  char* block = static_cast<char*>(::sbrk(30 * kPage + 100));
  EXPECT(block != reinterpret_cast<char*>(-1));
  fill(block, 30 * kPage + 100, 1);
  char* const end = top();

  snapshot(image.c_str());

  EXPECT_EQ(top(), end);
  EXPECT(holds(block, 30 * kPage + 100, 1));
  char* more = static_cast<char*>(::sbrk(1000 * kPage));
  EXPECT_EQ(more, end);
  EXPECT(holds_zeros(more, 1000 * kPage));
  fill(more, 1000 * kPage, 2);
  EXPECT(holds(block, 30 * kPage + 100, 1));
  EXPECT(::sbrk(-1020 * static_cast<std::intptr_t>(kPage)) != reinterpret_cast<void*>(-1));
  EXPECT_EQ(top(), end - 20 * kPage);
  EXPECT(holds(block, 10 * kPage, 1));
  EXPECT(!can_read(end));
  // Memory that was given back is zeros when it returns.
  EXPECT(::sbrk(20 * kPage) != reinterpret_cast<void*>(-1));
  EXPECT(holds_zeros(end - 18 * kPage, 18 * kPage));
}

// Pages whose protection was changed after they were written: read-only data, and
// code made at run time as a JIT compiler makes it.
#include <sys/mman.h>

#include <cstring>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

// mov $number, %eax; ret
void write_function(char* at, unsigned char number) {
  const unsigned char code[] = {0xb8, number, 0, 0, 0, 0xc3};
  std::memcpy(at, code, sizeof code);
}

int call(char* code) { return reinterpret_cast<int (*)()>(code)(); }

}  // namespace

int main(int, char** argv) {
  char* data = map_anonymous(8 * kPage, PROT_READ | PROT_WRITE);
  fill(data, 8 * kPage, 1);
  for (std::size_t page = 0; page < 8; page += 2) {
    EXPECT_OK(::mprotect(data + page * kPage, kPage, PROT_READ));
  }
  char* code = map_anonymous(kPage, PROT_READ | PROT_WRITE);
  write_function(code, 41);
  EXPECT_OK(::mprotect(code, kPage, PROT_READ | PROT_EXEC));
  EXPECT_EQ(call(code), 41);

  snapshot(argv[1]);

  EXPECT(holds(data, 8 * kPage, 1));
  for (std::size_t page = 0; page < 8; ++page) {
    EXPECT_EQ(can_write(data + page * kPage), page % 2 == 1);
  }
  EXPECT_EQ(call(code), 41);
  EXPECT(!can_write(code));
  EXPECT_OK(::mprotect(code, kPage, PROT_READ | PROT_WRITE));
  write_function(code, 42);
  EXPECT_OK(::mprotect(code, kPage, PROT_READ | PROT_EXEC));
  EXPECT_EQ(call(code), 42);
  EXPECT_OK(::mprotect(data, 8 * kPage, PROT_READ | PROT_WRITE));
  fill(data, 8 * kPage, 2);
  EXPECT(holds(data, 8 * kPage, 2));
}

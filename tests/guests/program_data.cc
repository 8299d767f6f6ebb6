// The program's own segments: constants, pointers that the dynamic linker wrote and
// then made read-only (RELRO), variables, and those that began as zeros. RELRO
// pages differ from the file's although nobody may write to them.
#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int first() { return 1; }
int second() { return 2; }
int third() { return 3; }

// Relocated at start, then protected.
int (*const kFunctions[])() = {first, second, third};
const char* const kTexts[] = {"one", "two", "three"};
constexpr char kConstant[] = "never written";
int variable = 5;
char zeros[20 * kPage];
volatile int chosen = 1;

}  // namespace

int main(int, char** argv) {
  variable = 6;
  fill(zeros + 3 * kPage, kPage, 9);

  snapshot(argv[1]);

  EXPECT_EQ(kFunctions[chosen](), 2);
  EXPECT_EQ(std::string(kTexts[chosen + 1]), "three");
  EXPECT(!can_write(const_cast<void*>(static_cast<const void*>(&kFunctions[0]))));
  EXPECT(!can_write(const_cast<char*>(kConstant)));
  EXPECT_EQ(std::string(kConstant), "never written");
  EXPECT_EQ(variable, 6);
  EXPECT(holds_zeros(zeros, 3 * kPage));
  EXPECT(holds(zeros + 3 * kPage, kPage, 9));
  EXPECT(holds_zeros(zeros + 4 * kPage, 16 * kPage));
  variable = 7;
  fill(zeros, sizeof zeros, 3);
  EXPECT(holds(zeros, sizeof zeros, 3));
}

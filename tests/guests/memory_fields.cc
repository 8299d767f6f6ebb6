// What the kernel says of the address space in /proc: segments, stack, break,
// auxiliary vector, the places of arguments and environment. Debuggers and libraries
// read it. The texts of arguments and environment are shown (proc_pid_cmdline(5)) only
// where they lie in anonymous memory; a clone's stack is a mapping of the image, so it
// shows none, which ps displays as a name in brackets. The memory itself is there.
#include <sys/auxv.h>

#include <cstring>
#include <sstream>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

struct View {
  std::vector<std::string> stat;
  std::string arguments = contents("/proc/self/cmdline");
  std::string environment = contents("/proc/self/environ");
  std::string auxv = contents("/proc/self/auxv");

  View() {
    // Fields 26 to 28 and 45 to 51 of proc_pid_stat(5) are the addresses.
    const std::string all = contents("/proc/self/stat");
    std::istringstream words(all.substr(all.rfind(')') + 2));
    std::string word;
    for (int number = 3; words >> word; ++number) {
      if ((number >= 26 && number <= 28) || (number >= 45 && number <= 51)) stat.push_back(word);
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const View before;
  const auto random = ::getauxval(AT_RANDOM);
  const std::string random_bytes(reinterpret_cast<const char*>(random), 16);

  const bool restored = snapshot(argv[1]);

  const View after;
  EXPECT_EQ(after.stat.size(), 10U);
  EXPECT(after.stat == before.stat);
  EXPECT_EQ(after.arguments, restored ? std::string() : before.arguments);
  EXPECT_EQ(after.environment, restored ? std::string() : before.environment);
  EXPECT(before.arguments.ends_with(std::string(argv[1]) + std::string(1, '\0')));
  const std::size_t length = before.arguments.size();
  EXPECT_EQ(std::string(argv[0], length), before.arguments);
  EXPECT_EQ(after.auxv == before.auxv, true);
  EXPECT_EQ(::getauxval(AT_RANDOM), random);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(random), 16), random_bytes);
  EXPECT_EQ(::getauxval(AT_PAGESZ), kPage);
  EXPECT_EQ(argc, 2);
}

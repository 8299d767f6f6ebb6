// Working folder, file mode mask and environment.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string folder = folder_of(argv[1]) + "/with a space";
  EXPECT_OK(::mkdir(folder.c_str(), 0700));
  EXPECT_OK(::chdir(folder.c_str()));
  ::umask(0137);
  EXPECT_OK(::setenv("FW_GUEST", "set before the snapshot", 1));
  EXPECT_OK(::unsetenv("HOME"));

  snapshot(argv[1]);

  char now[4096];
  EXPECT(::getcwd(now, sizeof now) != nullptr);
  EXPECT_EQ(std::string(now), folder);
  EXPECT_EQ(::umask(0), 0137);
  EXPECT_EQ(std::string(::getenv("FW_GUEST")), "set before the snapshot");
  EXPECT(::getenv("HOME") == nullptr);
}

// A working folder that was deleted.
#include <sys/stat.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string folder = folder_of(argv[1]) + "/work";
  EXPECT_OK(::mkdir(folder.c_str(), 0700));
  EXPECT_OK(::chdir(folder.c_str()));
  EXPECT_OK(::rmdir(folder.c_str()));
  expect_refused(argv[1], -EBUSY, {"working folder", folder});
  EXPECT_OK(::chdir("/"));

  snapshot(argv[1]);
}

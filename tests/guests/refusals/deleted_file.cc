// An open file that was deleted, that was replaced by another of the same name, and
// one that never had a name.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  EXPECT_OK(fd);
  return fd;
}

}  // namespace

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/file";
  const auto expect_refused_and_close = [&](int fd) {
    expect_refused(argv[1], -EBUSY,
                   {"descriptor " + std::to_string(fd), folder_of(argv[1]), "deleted"});
    EXPECT_EQ(::write(fd, "x", 1), 1);
    ::close(fd);
  };
  const int deleted = create(path);
  EXPECT_OK(::unlink(path.c_str()));
  expect_refused_and_close(deleted);

  const int replaced = create(path);
  ::close(create(path + "-new"));
  EXPECT_OK(::rename((path + "-new").c_str(), path.c_str()));
  expect_refused_and_close(replaced);

  const int nameless = ::open(folder_of(argv[1]).c_str(), O_TMPFILE | O_RDWR, 0600);
  if (nameless >= 0) expect_refused_and_close(nameless);

  snapshot(argv[1]);
}

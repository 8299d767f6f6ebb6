// Descriptors of folders: for openat(), and in the middle of reading one.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/folder";
  EXPECT_OK(::mkdir(path.c_str(), 0700));
  for (int i = 0; i < 2000; ++i) {
    const int fd = ::open((path + "/file" + std::to_string(i)).c_str(), O_CREAT | O_WRONLY, 0600);
    EXPECT_OK(fd);
    ::close(fd);
  }
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY);
  const int as_path = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  DIR* reading = ::opendir(path.c_str());
  std::set<std::string> names;
  for (int i = 0; i < 700; ++i) names.insert(::readdir(reading)->d_name);

  snapshot(argv[1]);

  while (const dirent* entry = ::readdir(reading)) names.insert(entry->d_name);
  EXPECT_EQ(names.size(), 2002U);
  EXPECT_EQ(::closedir(reading), 0);
  struct stat status {};
  EXPECT_OK(::fstatat(folder, "file5", &status, 0));
  EXPECT_OK(::fstatat(as_path, "file6", &status, 0));
  EXPECT_EQ(::read(as_path, &status, 1), -1);
  EXPECT_EQ(errno, EBADF);
}

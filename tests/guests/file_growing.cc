// Files open for writing are nobody's alone: a log grows after the snapshot, by the
// captured process and by each clone. They are accepted as they are then; with
// O_APPEND every line goes to the end.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string folder = folder_of(argv[1]);
  const int log = ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int both = ::open((folder + "/both").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  EXPECT_OK(log);
  EXPECT_EQ(::write(log, "begun\n", 6), 6);
  EXPECT_EQ(::write(both, "0123456789", 10), 10);
  EXPECT_EQ(::lseek(both, 4, SEEK_SET), 4);

  const bool restored = snapshot(argv[1]);

  struct stat status {};
  EXPECT_OK(::fstat(log, &status));
  EXPECT(status.st_size >= (restored ? 12 : 6));
  EXPECT((::fcntl(log, F_GETFL) & O_APPEND) != 0);
  EXPECT_EQ(::lseek(log, 0, SEEK_SET), 0);
  EXPECT_EQ(::write(log, "later\n", 6), 6);
  EXPECT_EQ(contents(folder + "/log").substr(0, 12), "begun\nlater\n");
  EXPECT_EQ(::lseek(both, 0, SEEK_CUR), 4);
  char byte = 0;
  EXPECT_EQ(::read(both, &byte, 1), 1);
  EXPECT_EQ(byte, '4');
  EXPECT_EQ(::pwrite(both, "more", 4, 20), 4);
}

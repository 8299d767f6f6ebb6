// exec() after a restore: the restorer and the image leave with the rest of the
// memory, descriptors stay unless marked, and nothing of the engine remains.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int after_exec(int kept, int closed) {
  char byte = 0;
  EXPECT_EQ(::pread(kept, &byte, 1, 2), 1);
  EXPECT_EQ(byte, 'p');
  EXPECT_EQ(::fcntl(closed, F_GETFD), -1);
  const std::string maps = contents("/proc/self/maps");
  EXPECT_EQ(maps.find("fwrun-restore"), std::string::npos);
  EXPECT_EQ(maps.find("/image"), std::string::npos);
  fw_restore_times times{};
  EXPECT_EQ(fw_snapshot_restore_times(&times), -ESRCH);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4) return after_exec(std::stoi(argv[2]), std::stoi(argv[3]));
  const std::string path = folder_of(argv[1]) + "/kept";
  const int kept = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  EXPECT_EQ(::write(kept, "kept", 4), 4);
  const int closed = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_OK(closed);
  std::string program(4096, '\0');
  const ssize_t length = ::readlink("/proc/self/exe", program.data(), program.size());
  EXPECT(length > 0);
  program.resize(static_cast<std::size_t>(length));

  snapshot(argv[1]);

  std::string numbers[] = {std::to_string(kept), std::to_string(closed)};
  char* const arguments[] = {program.data(), argv[1], numbers[0].data(), numbers[1].data(),
                             nullptr};
  ::execv(program.c_str(), arguments);
  EXPECT(false);
}

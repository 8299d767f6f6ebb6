// No room for the image.
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string small = folder_of(argv[1]) + "/small";
  EXPECT_OK(::mkdir(small.c_str(), 0700));
  // In a mount namespace of its own: nothing stays mounted, whatever happens.
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=1m") != 0) {
    skip("mounting a small disk needs root");
  }
  constexpr std::size_t kSize = std::size_t{4} << 20;
  char* memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, 1);
  expect_refused((small + "/image").c_str(), -ENOSPC, {small + "/image", "No space left"});
  EXPECT_OK(::umount(small.c_str()));

  snapshot(argv[1]);

  EXPECT(holds(memory, kSize, 1));
}

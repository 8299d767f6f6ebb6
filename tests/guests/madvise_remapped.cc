// After a restore the program puts other mappings where image memory was: a file,
// shared memory, fresh memory. madvise() over all of it must give zeros where memory
// is anonymous or the image's, the file's bytes where a file is mapped, and must
// not harm what is shared.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void map_over(char* where, std::size_t size, int flags, int fd) {
  EXPECT_EQ(::mmap(where, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0),
            static_cast<void*>(where));
}

}  // namespace

int main(int, char** argv) {
  constexpr std::size_t kPart = 8 * kPage;
  char* memory = map_anonymous(5 * kPart, PROT_READ | PROT_WRITE);
  fill(memory, 5 * kPart, 1);

  snapshot(argv[1]);

  // image | file, private | memfd, shared | anonymous | image
  std::string path = folder_of(argv[1]) + "/file-XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  EXPECT_OK(file);
  EXPECT_OK(::unlink(path.c_str()));
  const int shared = ::memfd_create("shared", 0);
  for (const int fd : {file, shared}) {
    EXPECT_OK(::ftruncate(fd, kPart));
    auto* writable = static_cast<char*>(::mmap(nullptr, kPart, PROT_WRITE, MAP_SHARED, fd, 0));
    EXPECT(writable != MAP_FAILED);
    fill(writable, kPart, fd == file ? 2 : 3);
    EXPECT_OK(::munmap(writable, kPart));
  }
  map_over(memory + kPart, kPart, MAP_PRIVATE, file);
  map_over(memory + 2 * kPart, kPart, MAP_SHARED, shared);
  map_over(memory + 3 * kPart, kPart, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  fill(memory + kPart, kPage, 20);  // a page of the program's own over the file's
  fill(memory + 2 * kPart, kPage, 21);
  fill(memory + 3 * kPart, kPart, 22);

  EXPECT_OK(::madvise(memory, 5 * kPart, MADV_DONTNEED));

  EXPECT(holds_zeros(memory, kPart));
  EXPECT(holds(memory + kPart, kPart, 2));
  EXPECT(holds(memory + 2 * kPart, kPage, 21));
  EXPECT(holds_zeros(memory + 3 * kPart, 2 * kPart));
  fill(memory, kPart, 30);
  EXPECT(holds(memory, kPart, 30));
}

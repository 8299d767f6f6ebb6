// A file mapped privately of which some pages were written: those are the
// process's own, all others are still the file's.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kPages = 200;
  std::vector<char> text(kPages * kPage);
  fill(text.data(), text.size(), 1);
  const std::string path = folder_of(argv[1]) + "/data";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  void* mapped = ::mmap(nullptr, text.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  EXPECT(mapped != MAP_FAILED);
  ::close(fd);
  auto* memory = static_cast<char*>(mapped);
  const std::vector<std::size_t> written{0, 1, 50, 100, 150, 199};
  for (const std::size_t page : written) {
    fill(memory + page * kPage, kPage, 100);
    fill(text.data() + page * kPage, kPage, 100);
  }

  snapshot(argv[1]);

  EXPECT_EQ(std::string_view(memory, text.size()) == std::string_view(text.data(), text.size()),
            true);
  // What is written now is seen by nobody else.
  fill(memory + 75 * kPage, kPage, 200);
  EXPECT(holds(memory + 75 * kPage, kPage, 200));
  EXPECT_EQ(
      contents(path).substr(75 * kPage, kPage) == std::string_view(text.data() + 75 * kPage, kPage),
      true);
}

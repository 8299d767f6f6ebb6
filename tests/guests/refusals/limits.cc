// Limits in the way of a capture: on descriptors, on address space, on the size of
// files. The last one comes with a signal that would end the process.
#include <sys/mman.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

fw_snapshot_report report{};

// With a limit for a moment: the checks of expect_refused() need what it takes away.
template <typename Resource>
int capture_with(Resource resource, rlim_t limit, const char* image) {
  rlimit former{};
  EXPECT_OK(::getrlimit(resource, &former));
  const rlimit lower{limit, former.rlim_max};
  EXPECT_OK(::setrlimit(resource, &lower));
  fw_snapshot_request request{};
  request.image_path = image;
  const int result = fw_snapshot_here(&request, &report);
  EXPECT_OK(::setrlimit(resource, &former));
  return result;
}

void expect_reason(std::string_view words) {
  if (std::string_view(report.reason).find(words) == std::string_view::npos) {
    die(__FILE__, __LINE__, std::string("the reason is: ") + report.reason);
  }
}

}  // namespace

int main(int, char** argv) {
  constexpr std::size_t kSize = std::size_t{1} << 20;
  char* memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, 1);

  EXPECT_EQ(capture_with(RLIMIT_NOFILE, 3, argv[1]), -EMFILE);
  expect_reason("Too many open files");
  EXPECT_EQ(capture_with(RLIMIT_AS, std::size_t{200} << 20, argv[1]), -ENOMEM);
  expect_reason("RLIMIT_AS");
  EXPECT_EQ(capture_with(RLIMIT_FSIZE, 64 * 1024, argv[1]), -EFBIG);
  expect_reason("File too large");

  snapshot(argv[1]);

  EXPECT(holds(memory, kSize, 1));
  struct sigaction action {};
  EXPECT_OK(::sigaction(SIGXFSZ, nullptr, &action));
  EXPECT(action.sa_handler == SIG_DFL);
}

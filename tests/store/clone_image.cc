#include "tests/store/clone_image.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "args/shm/slot.h"
#include "base/clock.h"
#include "base/files.h"
#include "store/install/host_process.h"

namespace fw::testing {

void capture_clone(const std::filesystem::path& image) {
  const UniqueFd job = create_memfd("job").value();
  REQUIRE(write_all(job.get(), image.string()));
  const UniqueFd output = create_memfd("output").value();
  args::Slot slot = args::Slot::create().value();
  Result<Process> guest =
      store::start_host({FW_SERVING_CLONE, "/", {}, job.get(), slot.memory_fd(), output.get()});
  if (!guest) FAIL(guest.error().message());
  const Result<args::Answer> answer = slot.await(*guest);
  if (!answer) FAIL(answer.error().message());
  REQUIRE_MESSAGE(answer->outcome == args::Outcome::kResult, answer->body);
  REQUIRE(guest->wait(10 * kNsPerSecond).value().has_value());
}

}  // namespace fw::testing

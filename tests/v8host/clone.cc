#include "tests/v8host/clone.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <array>
#include <csignal>

#include "base/clock.h"
#include "base/files.h"
#include "embed/job.h"
#include "snapshot/snapshot.h"

namespace fw::test {

namespace {

template <typename T>
T need(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return std::move(*result);
}

}  // namespace

Clone::Clone(const std::filesystem::path& image, std::uint32_t flags)
    : flags_(flags),
      image_path_(image),
      output_(need(create_memfd("output"))),
      slot_(need(args::Slot::create())) {}

void Clone::start() {
  const UniqueFd image = need(open_file(image_path_, O_RDONLY));
  const UniqueFd null = need(open_file("/dev/null", O_RDONLY));
  const std::filesystem::path restorer = std::filesystem::path(FW_BIN_DIR) / "fwrun-restore";
  std::array<fw_restore_fd, 3> fds{{{null.get(), 0}, {output_.get(), 1}, {output_.get(), 2}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot_.memory_fd(), 0};
  fw_restore_request request{};
  request.image_fd = image.get();
  request.flags = flags_;
  request.pid_mode = FW_RESTORE_PID_NAMESPACE;
  request.fds = fds.data();
  request.fd_count = fds.size();
  request.externals = &slot_memory;
  request.external_count = 1;
  request.restorer_path = restorer.c_str();
  request.parent_death_signal = SIGKILL;
  fw_restored restored{};
  const int error = fw_restore_start(&request, &restored);
  REQUIRE_MESSAGE(error == 0, "no process from the image: " << -error);
  process_ = Process(restored.pid, UniqueFd(restored.pidfd));
}

args::Answer Clone::call(std::string_view arguments, args::After after,
                         std::string_view call_context) {
  const Status put = slot_.put({.request_id = "request",
                                .deadline_ns = monotonic_ns() + 20 * kNsPerSecond,
                                .arguments = arguments,
                                .after = after,
                                .call_context = call_context},
                               -1);
  if (!put) FAIL(put.error().message());
  if (!process_.running()) start();
  Result<args::Answer> answer = slot_.await(process_);
  // Why it ended is in its output.
  if (!answer) FAIL(answer.error().message(), ": ", output());
  return std::move(*answer);
}

bool Clone::ends() { return need(process_.wait(10 * kNsPerSecond)).has_value(); }

std::string Clone::output() const {
  return need(read_file("/proc/self/fd/" + std::to_string(output_.get())));
}

}  // namespace fw::test

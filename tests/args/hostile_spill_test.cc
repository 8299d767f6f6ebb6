// Clones that announce a large answer in a descriptor which is not what the
// protocol demands.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "args/shm/sealed_memfd.h"
#include "base/files.h"
#include "base/syscalls.h"
#include "tests/args/forked_clone.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

namespace {

constexpr std::size_t kBytes = kPayloadCapacity + 1;

// A clone that announces `bytes` bytes in the descriptor that `open` returns.
Result<Answer> await_announced(const std::function<int()>& open, std::size_t bytes = kBytes) {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "1"}, -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    const MappedSlot mapped(slot);
    SlotHeader& header = mapped.header();
    header.outcome = 1;
    header.body_fd = open();
    header.body_bytes = bytes;
    header.state.store(slot_state::kAnswered);
    sys::futex_wake(&header.state, 1);
    sleep_until_killed();
  });
  const std::size_t descriptors = open_descriptors();
  auto answer = slot.await(clone);
  CHECK(open_descriptors() <= descriptors + 3);  // the watching thread may have been started
  return answer;
}

void check_refused(const std::function<int()>& open, const std::string& reason) {
  auto answer = await_announced(open);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kFunction);
  CHECK_MESSAGE(answer.error().message().find(reason) != std::string::npos,
                answer.error().message());
}

int memfd_with(std::size_t bytes, int seals) {
  const int fd = ::memfd_create("test", MFD_ALLOW_SEALING);
  if (::ftruncate(fd, static_cast<off_t>(bytes)) != 0) return -1;
  if (seals != 0 && ::fcntl(fd, F_ADD_SEALS, seals) != 0) return -1;
  return fd;
}

// The same file through a descriptor opened otherwise.
int reopened(int fd, int flags) {
  return ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), flags);
}

}  // namespace

TEST_CASE("an announced memfd that is as it should be is read") {
  auto answer = await_announced([] { return memfd_with(kBytes, kPayloadSeals); });
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->body == std::string(kBytes, '\0'));
}

TEST_CASE("what is not a memfd is refused") {
  check_refused([] { return ::open("/dev/zero", O_RDONLY); }, "it is not a memfd");
  check_refused([] { return ::open("/proc/self/exe", O_RDONLY); }, "it is not a memfd");
  check_refused(
      [] {
        int ends[2];
        return ::pipe(ends) == 0 ? ends[0] : -1;
      },
      "it is not a memfd");
  check_refused([] { return reopened(memfd_with(kBytes, kPayloadSeals), O_PATH); },
                "it is not a memfd");
}

TEST_CASE("a memfd that can still change is refused") {
  check_refused([] { return memfd_with(kBytes, 0); }, "can still change");
  check_refused([] { return memfd_with(kBytes, kPayloadSeals & ~F_SEAL_WRITE); },
                "can still change");
  check_refused([] { return memfd_with(kBytes, kPayloadSeals & ~F_SEAL_SHRINK); },
                "can still change");
}

TEST_CASE("a memfd of another size than announced is refused") {
  check_refused([] { return memfd_with(kBytes - 1, kPayloadSeals); }, "bytes, not");
  check_refused([] { return memfd_with(kBytes + 1, kPayloadSeals); }, "bytes, not");
}

TEST_CASE("a memfd that cannot be read is refused") {
  check_refused(
      [] {
        const int fd = memfd_with(kBytes, 0);
        const int write_only = reopened(fd, O_WRONLY);
        return ::fcntl(fd, F_ADD_SEALS, kPayloadSeals) == 0 ? write_only : -1;
      },
      "cannot be read");
}

TEST_CASE("a body of more than 64 MB is refused before anything is fetched") {
  auto answer =
      await_announced([] { return memfd_with(kMaxPayload + 1, kPayloadSeals); }, kMaxPayload + 1);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kFunction);
  CHECK(answer.error().message().find("its body claims 67108865 bytes") != std::string::npos);
}

TEST_CASE("a descriptor that is not open is refused") {
  check_refused([] { return 999; }, "which is not open");
}

// Each kind of thing that could be left behind is noticed: a count that misses one
// would let every leak pass.
#include "bench/endurance/leftovers.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "base/files.h"
#include "base/mapping.h"
#include "bench/endurance/endurance.h"
#include "tests/child.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

Leftovers now(const std::filesystem::path& cache = {}) {
  const Result<Leftovers> leftovers = count_leftovers(cache);
  REQUIRE(leftovers);
  return *leftovers;
}

}  // namespace

TEST_CASE("Nothing done is nothing left") {
  const Leftovers before = now();
  const Leftovers after = now();
  CHECK(after.descriptors == before.descriptors);
  CHECK(after.processes == before.processes);
}

TEST_CASE("An open descriptor is counted") {
  const Leftovers before = now();
  const UniqueFd fd = open_file("/dev/null", O_RDONLY).value();
  CHECK(now().descriptors == before.descriptors + 1);
}

TEST_CASE("A memfd's memory is counted while a descriptor or a mapping holds it") {
  const std::uint64_t before = now().shared_memory;
  UniqueFd fd = create_memfd("leak").value();
  REQUIRE(write_all(fd.get(), std::string(8 * kPageSize, 'x')));
  CHECK(now().shared_memory >= before + 8 * kPageSize);
  std::optional<Mapping> mapping =
      Mapping::of_file(fd.get(), 8 * kPageSize, PROT_READ, Mapping::Share::kShared).value();
  fd.reset();
  CHECK(now().shared_memory >= before + 8 * kPageSize);
  mapping.reset();
  CHECK(now().shared_memory == before);
}

TEST_CASE("Children are counted, alive or dead, until they are reaped") {
  const std::uint64_t before = now().processes;
  {
    Process child = test::start_child([] { return ::pause(); });
    CHECK(now().processes == before + 1);
    REQUIRE(child.send_signal(SIGKILL));
    siginfo_t info{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT) == 0);
    CHECK(now().processes == before + 1);
  }
  CHECK(now().processes == before);
}

TEST_CASE("A grandchild is counted once its parent is gone") {
  REQUIRE(adopt_orphans());
  const std::uint64_t before = now().processes;
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
  (void)test::run_child([&] {
    const pid_t grandchild = ::fork();
    if (grandchild == 0) return ::pause();
    (void)!::write(pipe[1], &grandchild, sizeof grandchild);
    return 0;
  });
  CHECK(now().processes == before + 1);
  pid_t grandchild = -1;
  REQUIRE(::read(pipe[0], &grandchild, sizeof grandchild) == sizeof grandchild);
  ::close(pipe[0]);
  ::close(pipe[1]);
  ::kill(grandchild, SIGKILL);
  CHECK(::waitpid(grandchild, nullptr, 0) == grandchild);
  CHECK(now().processes == before);
}

TEST_CASE("Files in /dev/shm and in the cache are counted by their memory") {
  const test::ScratchFolder cache;
  const std::uint64_t before = now(cache.path()).shared_memory;
  std::ofstream(cache / "image") << std::string(3 * kPageSize, 'x');
  CHECK(now(cache.path()).shared_memory >= before + 3 * kPageSize);
  const std::string name = "/fwrun-test-" + std::to_string(::getpid());
  const UniqueFd shm(::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  REQUIRE(shm.valid());
  const Status written = write_all(shm.get(), std::string(5 * kPageSize, 'x'));
  const std::uint64_t with_shm = now(cache.path()).shared_memory;
  ::shm_unlink(name.c_str());
  REQUIRE(written);
  CHECK(with_shm >= before + 8 * kPageSize);
}

TEST_CASE("SysV segments are counted") {
  const std::uint64_t before = now().shared_memory;
  const int id = ::shmget(IPC_PRIVATE, 16 * kPageSize, IPC_CREAT | 0600);
  REQUIRE(id >= 0);
  const std::uint64_t with_segment = now().shared_memory;
  ::shmctl(id, IPC_RMID, nullptr);
  CHECK(with_segment >= before + 16 * kPageSize);
}

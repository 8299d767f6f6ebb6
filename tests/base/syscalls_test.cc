#include "base/syscalls.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <new>
#include <thread>

#include "base/clock.h"
#include "base/files.h"
#include "base/mapping.h"
#include "tests/child.h"

namespace {

namespace sys = fw::sys;
using fw::Mapping;
using fw::UniqueFd;
using Word = std::atomic<std::uint32_t>;

// A futex word in memory that a forked child shares.
struct SharedWord {
  UniqueFd fd = *fw::create_memfd("futex-test");
  Mapping mapping;
  Word* word = nullptr;

  SharedWord() {
    REQUIRE(::ftruncate(fd.get(), fw::kPageSize) == 0);
    mapping =
        *Mapping::of_file(fd.get(), fw::kPageSize, PROT_READ | PROT_WRITE, Mapping::Share::kShared);
    word = new (mapping.data()) Word(0);
  }
};

TEST_CASE("a futex wait ends at once when the value differs") {
  const Word word{1};
  CHECK(sys::futex_wait(&word, 0, 0) == -1);
  CHECK(errno == EAGAIN);
}

TEST_CASE("a futex wait nobody wakes ends with ETIMEDOUT") {
  const Word word{0};
  CHECK(sys::futex_wait(&word, 0, fw::kNsPerMs) == -1);
  CHECK(errno == ETIMEDOUT);
}

TEST_CASE("a futex wakes a waiter in another process") {
  const SharedWord shared;
  fw::Process waiter = fw::test::start_child([&] {
    while (shared.word->load() == 0) sys::futex_wait(shared.word, 0, 0);
    return 0;
  });
  // Woken means that it did sleep: until then, wake again.
  while (sys::futex_wake(shared.word, 1) == 0) std::this_thread::yield();
  shared.word->store(1);
  sys::futex_wake(shared.word, 1);
  CHECK((*waiter.wait())->describe() == "exited with code 0");
}

TEST_CASE("waking where nobody waits wakes nobody") {
  const Word word{0};
  CHECK(sys::futex_wake(&word, 1) == 0);
}

TEST_CASE("a pidfd signals exactly its process, and no one once it was reaped") {
  fw::Process child = fw::test::start_child([] {
    for (;;) ::pause();
    return 0;
  });
  const UniqueFd pidfd(sys::pidfd_open(child.pid()));
  REQUIRE(pidfd.valid());
  CHECK(sys::pidfd_send_signal(pidfd.get(), 0) == 0);
  child.kill_and_reap();
  CHECK(sys::pidfd_send_signal(pidfd.get(), 0) == -1);
  CHECK(errno == ESRCH);
  CHECK(sys::pidfd_open(-1) == -1);
}

TEST_CASE("pidfd_getfd brings a descriptor that only the child has opened") {
  const SharedWord shared;
  fw::Process child = fw::test::start_child([&] {
    fw::Result<UniqueFd> secret = fw::create_memfd("secret");
    if (!secret || !fw::write_all(secret->get(), "from the child")) return 1;
    shared.word->store(static_cast<std::uint32_t>(secret->get()));
    sys::futex_wake(shared.word, 1);
    for (;;) ::pause();
  });
  while (shared.word->load() == 0) sys::futex_wait(shared.word, 0, fw::kNsPerSecond);
  const UniqueFd fetched(sys::pidfd_getfd(child.pidfd(), static_cast<int>(shared.word->load())));
  REQUIRE(fetched.valid());
  char text[32] = {};
  CHECK(::pread(fetched.get(), text, sizeof text - 1, 0) == 14);
  CHECK(std::string_view(text) == "from the child");
  CHECK(sys::pidfd_getfd(child.pidfd(), 9999) == -1);
  CHECK(errno == EBADF);
}

TEST_CASE("clone3_fork returns in both processes and hands out a pidfd") {
  int pidfd = -1;
  clone_args args{};
  args.flags = CLONE_PIDFD;
  args.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  const pid_t pid = sys::clone3_fork(args);
  if (pid == 0) ::_exit(5);
  REQUIRE(pid > 0);
  fw::Process child(pid, UniqueFd(pidfd));
  CHECK((*child.wait())->value == 5);
}

TEST_CASE("clone3_fork with flags the kernel refuses is an error") {
  clone_args args{};
  args.flags = CLONE_SIGHAND;  // needs CLONE_VM
  CHECK(sys::clone3_fork(args) == -1);
  CHECK(errno == EINVAL);
}

TEST_CASE("same_open_file tells duplicates from separate opens of one path") {
  const UniqueFd first = *fw::open_file("/dev/null", O_RDONLY);
  const UniqueFd duplicate(::dup(first.get()));
  const UniqueFd second = *fw::open_file("/dev/null", O_RDONLY);
  CHECK(sys::same_open_file(first.get(), duplicate.get()) == 1);
  CHECK(sys::same_open_file(first.get(), second.get()) == 0);
  CHECK(sys::same_open_file(first.get(), -1) == -1);
}

TEST_CASE("gettid is the pid in the first thread and differs in another") {
  CHECK(sys::gettid() == ::getpid());
  pid_t other = 0;
  std::thread([&] { other = sys::gettid(); }).join();
  CHECK(other != ::getpid());
  CHECK(other > 0);
}

}  // namespace

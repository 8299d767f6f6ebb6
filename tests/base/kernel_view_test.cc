// The functions of base/syscalls.h that show a thread as the kernel sees it.
#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/mman.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "base/mapping.h"
#include "base/syscalls.h"
#include "tests/child.h"

namespace {

namespace sys = fw::sys;

constexpr int kGlibcsOwnSignal = 33;
constexpr std::uint64_t bit_of(int signo) { return std::uint64_t{1} << (signo - 1); }

TEST_CASE("fs_base is the address of the thread's control block, each thread's own") {
  CHECK(sys::fs_base() == static_cast<std::uint64_t>(::pthread_self()));
  std::uint64_t other = 0;
  std::uint64_t other_self = 1;
  std::thread([&] {
    other = sys::fs_base();
    other_self = static_cast<std::uint64_t>(::pthread_self());
  }).join();
  CHECK(other == other_self);
  CHECK(other != sys::fs_base());
}

TEST_CASE("gs_base is 0 in an ordinary program") { CHECK(sys::gs_base() == 0); }

TEST_CASE("robust_list is registered by glibc for every thread, each its own") {
  std::uint64_t other = 0;
  std::thread([&] { other = sys::robust_list(); }).join();
  CHECK(sys::robust_list() != 0);
  CHECK(other != 0);
  CHECK(other != sys::robust_list());
}

TEST_CASE("tid_address is where glibc keeps the thread's tid") {
  const std::uint64_t address = sys::tid_address();
  if (address == 0) {
    MESSAGE("skipped: this kernel is built without CONFIG_CHECKPOINT_RESTORE");
    return;
  }
  CHECK(*reinterpret_cast<const pid_t*>(address) == sys::gettid());
  bool holds_in_thread = false;
  std::thread([&] {
    holds_in_thread = *reinterpret_cast<const pid_t*>(sys::tid_address()) == sys::gettid();
  }).join();
  CHECK(holds_in_thread);
}

TEST_CASE("kernel_sigaction reads and writes the signals that glibc keeps to itself") {
  const fw::ExitStatus ended = fw::test::run_child([] {
    const sys::KernelSigaction ignore{reinterpret_cast<std::uint64_t>(SIG_IGN), 0, 0, 0};
    sys::KernelSigaction seen{};
    if (sys::kernel_sigaction(kGlibcsOwnSignal, &ignore, nullptr) != 0) return 1;
    if (sys::kernel_sigaction(kGlibcsOwnSignal, nullptr, &seen) != 0) return 2;
    return seen.handler == ignore.handler ? 0 : 3;
  });
  CHECK(ended.describe() == "exited with code 0");
}

TEST_CASE("kernel_sigaction refuses a signal that cannot be handled") {
  const sys::KernelSigaction ignore{reinterpret_cast<std::uint64_t>(SIG_IGN), 0, 0, 0};
  CHECK(sys::kernel_sigaction(SIGKILL, &ignore, nullptr) == -1);
  CHECK(errno == EINVAL);
  CHECK(sys::kernel_sigaction(65, nullptr, nullptr) == -1);
}

TEST_CASE("kernel_sigmask blocks what glibc would not, and gives the former mask back") {
  const std::uint64_t wanted = bit_of(kGlibcsOwnSignal) | bit_of(SIGUSR1);
  std::uint64_t before = 0;
  std::uint64_t during = 0;
  REQUIRE(sys::kernel_sigmask(SIG_SETMASK, &wanted, &before) == 0);
  REQUIRE(sys::kernel_sigmask(SIG_SETMASK, &before, &during) == 0);
  CHECK(during == wanted);
  CHECK(sys::kernel_sigmask(99, &before, nullptr) == -1);
  CHECK(errno == EINVAL);
}

TEST_CASE("kernel_madvise drops anonymous pages, which then read as zeros") {
  const fw::Mapping memory = *fw::Mapping::anonymous(fw::kPageSize, PROT_READ | PROT_WRITE);
  memory.bytes()[0] = std::byte{1};
  REQUIRE(sys::kernel_madvise(memory.data(), memory.size(), MADV_DONTNEED) == 0);
  CHECK(memory.bytes()[0] == std::byte{0});
  CHECK(sys::kernel_madvise(memory.data() + 1, 1, MADV_DONTNEED) == -1);
  CHECK(errno == EINVAL);
}

TEST_CASE("futex_wake_private wakes a thread that waits privately, and nobody else") {
  const std::uint32_t nobody_waits_here = 0;
  CHECK(sys::futex_wake_private(&nobody_waits_here, 1) == 0);
  // A thread that waits for a glibc mutex sleeps on its first word, privately.
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  REQUIRE(::pthread_mutex_lock(&mutex) == 0);
  std::thread waiter([&] {
    ::pthread_mutex_lock(&mutex);
    ::pthread_mutex_unlock(&mutex);
  });
  const auto* word = reinterpret_cast<const std::uint32_t*>(&mutex);
  int woken = 0;
  while ((woken = sys::futex_wake_private(word, 1)) == 0) std::this_thread::yield();
  CHECK(woken == 1);
  REQUIRE(::pthread_mutex_unlock(&mutex) == 0);
  waiter.join();
}

}  // namespace

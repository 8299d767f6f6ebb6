#include "args/shm/death_watch.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "args/shm/layout.h"
#include "base/syscalls.h"
#include "tests/args/forked_clone.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

namespace {

void wait_until_told(const DeathWatch& watch, std::atomic<std::uint32_t>& word) {
  while (!watch.dead()) sys::futex_wait(&word, word & ~slot_state::kDeadBit, kNsPerSecond);
}

}  // namespace

TEST_CASE("a watch tells the end of its process and of no other") {
  std::atomic<std::uint32_t> word_a = slot_state::kTaken;
  std::atomic<std::uint32_t> word_b = slot_state::kPut;
  Process a = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  Process b = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  {
    const DeathWatch watch_a = DeathWatch::begin(a.pidfd(), word_a).value();
    const DeathWatch watch_b = DeathWatch::begin(b.pidfd(), word_b).value();
    REQUIRE(a.send_signal(SIGKILL));
    wait_until_told(watch_a, word_a);
    CHECK(word_a == (slot_state::kTaken | slot_state::kDeadBit));
    CHECK_FALSE(watch_b.dead());
    CHECK(word_b == slot_state::kPut);
    REQUIRE(b.send_signal(SIGKILL));
    wait_until_told(watch_b, word_b);
  }
}

TEST_CASE("a watch on a process that has ended already tells so") {
  std::atomic<std::uint32_t> word = slot_state::kPut;
  Process child = fork_child([] { return 0; });
  wait_until_ended(child);
  const DeathWatch watch = DeathWatch::begin(child.pidfd(), word).value();
  wait_until_told(watch, word);
  CHECK(word == (slot_state::kPut | slot_state::kDeadBit));
}

TEST_CASE("a watch leaves an answer that was put alone") {
  std::atomic<std::uint32_t> word = slot_state::kAnswered;
  Process child = fork_child([] { return 0; });
  const DeathWatch watch = DeathWatch::begin(child.pidfd(), word).value();
  while (!watch.dead()) std::this_thread::yield();
  CHECK(word == slot_state::kAnswered);
}

TEST_CASE("a process can be watched once at a time") {
  std::atomic<std::uint32_t> word = 0;
  Process child = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  {
    const DeathWatch watch = DeathWatch::begin(child.pidfd(), word).value();
    auto second = DeathWatch::begin(child.pidfd(), word);
    REQUIRE_FALSE(second);
    CHECK(second.error().code() == Errc::kInternal);
  }
  CHECK(DeathWatch::begin(child.pidfd(), word));
}

TEST_CASE("what is no process cannot be watched") {
  std::atomic<std::uint32_t> word = 0;
  auto watch = DeathWatch::begin(-1, word);
  REQUIRE_FALSE(watch);
  CHECK(watch.error().sys_errno() == EBADF);
}

TEST_CASE("many threads await clones at once, and each gets its own outcome") {
  constexpr int kThreads = 8;
  constexpr int kRounds = 60;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::atomic<int> wrong = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Slot slot = Slot::create().value();
      for (int round = 0; round < kRounds; ++round) {
        const std::string arguments = std::to_string(t * kRounds + round);
        const bool dies = (t + round) % 3 == 0;
        if (!slot.put({.request_id = "r", .deadline_ns = 0, .arguments = arguments}, -1)) ++wrong;
        Process clone = fork_clone(slot, [&](Client& client) {
          auto taken = client.take();
          if (dies) ::raise(SIGKILL);
          return taken && client.answer(Outcome::kResult, taken->arguments) ? 0 : 1;
        });
        auto answer = slot.await(clone);
        const bool right =
            dies ? !answer && answer.error().code() == Errc::kDied : answer->body == arguments;
        if (!right) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a child forked without exec watches by a thread of its own and exits cleanly") {
  std::atomic<std::uint32_t> word = 0;
  Process sleeper = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  const DeathWatch of_parent = DeathWatch::begin(sleeper.pidfd(), word).value();
  Process child = fork_child([&] {
    std::atomic<std::uint32_t> own_word = slot_state::kPut;
    Process grandchild = fork_child([] { return 0; });
    auto watch = DeathWatch::begin(grandchild.pidfd(), own_word);
    if (!watch) return 1;
    wait_until_told(*watch, own_word);
    return own_word == (slot_state::kPut | slot_state::kDeadBit) ? 0 : 2;
  });
  CHECK(child.wait().value()->value == 0);
  CHECK_FALSE(of_parent.dead());
  CHECK(word == 0);
}

TEST_CASE("exit() ends the watching thread, and in a forked child does not wait for it") {
  // exit() runs the handlers that stop the thread; that it returns at all is the
  // test. What the test program has yet to print must not be printed by the children.
  std::atomic<std::uint32_t> word = 0;
  Process sleeper = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  const DeathWatch running = DeathWatch::begin(sleeper.pidfd(), word).value();
  const auto exit_quietly = [](int code) {
    ::close(STDOUT_FILENO);
    std::exit(code);
  };
  Process without_thread = fork_child([&] {
    exit_quietly(4);
    return 1;
  });
  CHECK(without_thread.wait().value()->value == 4);
  Process with_thread = fork_child([&] {
    std::atomic<std::uint32_t> own_word = 0;
    Process grandchild = fork_child([] { return 0; });
    { auto watch = DeathWatch::begin(grandchild.pidfd(), own_word); }
    grandchild.kill_and_reap();
    exit_quietly(5);
    return 1;
  });
  CHECK(with_thread.wait().value()->value == 5);
}

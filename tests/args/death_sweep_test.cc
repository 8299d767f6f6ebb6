// A clone is killed at every system call, and at many single instructions, of
// taking its arguments, logging and answering: the requester must get the whole
// answer or hear that the clone died, and the slot must serve again.
#include <doctest/doctest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <string>
#include <thread>

#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

// Lets a stopped, traced child do up to `most` steps (PTRACE_SYSCALL: to the
// next entry or exit of a system call; PTRACE_SINGLESTEP: one instruction).
// Returns how many it did before it stopped for the last time or ended.
int do_steps(pid_t pid, int step, int most) {
  for (int done = 0; done < most; ++done) {
    int status = 0;
    if (::ptrace(static_cast<__ptrace_request>(step), pid, nullptr, nullptr) != 0 ||
        ::waitpid(pid, &status, __WALL | WUNTRACED) != pid || !WIFSTOPPED(status)) {
      return done;
    }
  }
  return most;
}

struct Outcomes {
  int died = 0;
  int delivered = 0;
};

class Sweep {
 public:
  Sweep(int step, std::size_t body_bytes)
      : step_(step), body_(pattern(body_bytes)), slot_(Slot::create().value()) {}

  // One invocation whose clone is killed after at most `most` steps. Returns the
  // steps it did.
  int run(int most) {
    REQUIRE(slot_.put({.request_id = "r", .deadline_ns = 0, .arguments = "[1]"}, -1));
    Process clone = fork_clone(slot_, [&](Client& client) {
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) return 1;
      ::raise(SIGSTOP);
      if (!client.take()) return 2;
      client.log(Stream::kStdout, "a line");
      return client.answer(Outcome::kResult, body_) ? 0 : 3;
    });
    int status = 0;
    REQUIRE(::waitpid(clone.pid(), &status, __WALL | WUNTRACED) == clone.pid());
    REQUIRE(WIFSTOPPED(status));

    // Awaited by another thread: only the thread that forked may trace.
    Result<Answer> answer = fail(Errc::kInternal, "not awaited");
    std::thread waiter([&] { answer = slot_.await(clone); });
    const int done = do_steps(clone.pid(), step_, most);
    (void)clone.send_signal(SIGKILL);
    waiter.join();
    note(answer);
    return done;
  }

  const Outcomes& outcomes() const { return outcomes_; }

 private:
  void note(const Result<Answer>& answer) {
    if (!answer) {
      ++outcomes_.died;
      CHECK_MESSAGE(answer.error().code() == Errc::kDied, answer.error().message());
      return;
    }
    ++outcomes_.delivered;
    CHECK((answer->body == body_));
    REQUIRE(answer->logs.size() == 1);
    CHECK(answer->logs[0].text == "a line");
  }

  int step_;
  std::string body_;
  Slot slot_;
  Outcomes outcomes_;
};

// Kills clones after numbers of steps that are spread over all of an invocation.
void sweep(int step, std::size_t body_bytes, int most_kills) {
  Sweep sweep(step, body_bytes);
  const int total = sweep.run(INT_MAX);
  CHECK(sweep.outcomes().delivered == 1);
  CHECK(total > 3);  // it was traced
  const int stride = std::max(1, total / most_kills);
  for (int steps = 0; steps < total; steps += stride) {
    CAPTURE(steps);
    sweep.run(steps);
  }
  CHECK(sweep.outcomes().died > 0);
  CHECK(sweep.outcomes().delivered > 1);
}

}  // namespace

TEST_CASE("a clone killed at any system call never leaves its requester without an outcome") {
  SUBCASE("with an answer in the slot") { sweep(PTRACE_SYSCALL, 100, INT_MAX); }
  SUBCASE("with an answer in a memfd") { sweep(PTRACE_SYSCALL, kPayloadCapacity + 1, INT_MAX); }
}

TEST_CASE("a clone killed between two instructions never leaves its requester without an outcome") {
  sweep(PTRACE_SINGLESTEP, 100, 100);
}

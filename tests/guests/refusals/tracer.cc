// A debugger that is attached. It is no child of the guest's, or that would be the
// reason.
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

[[noreturn]] void trace(pid_t guest, int answer) {
  pid_t result = ::getpid();
  if (::ptrace(PTRACE_SEIZE, guest, nullptr, nullptr) != 0) result = -1;
  if (::write(answer, &result, sizeof result) != sizeof result) ::_exit(1);
  ::close(answer);
  for (;;) ::pause();
}

}  // namespace

int main(int, char** argv) {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const pid_t guest = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::fork() == 0) trace(guest, ends[1]);
    ::_exit(0);
  }
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(ends[1]);
  pid_t tracer = 0;
  EXPECT_EQ(::read(ends[0], &tracer, sizeof tracer), static_cast<ssize_t>(sizeof tracer));
  ::close(ends[0]);
  if (tracer < 0) skip("tracing is not allowed here");
  expect_refused(argv[1], -EBUSY, {"process " + std::to_string(tracer), "traces", "detach"});
  EXPECT_OK(::kill(tracer, SIGKILL));
  while (field(contents("/proc/self/status"), "TracerPid") != "0") ::sched_yield();

  snapshot(argv[1]);
}

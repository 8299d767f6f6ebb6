// A debugger that is attached. It is no child of the guest's, or that would be the
// reason.
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/syscalls.h"
#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

[[noreturn]] void trace(pid_t guest, int answer) {
  pid_t result = ::getpid();
  if (::ptrace(PTRACE_SEIZE, guest, nullptr, nullptr) != 0) result = -1;
  if (::write(answer, &result, sizeof result) != sizeof result) ::_exit(1);
  ::close(answer);
  // Every signal of the guest's stops it until we say go on; and we end with it.
  int status = 0;
  while (::waitpid(guest, &status, __WALL) == guest && WIFSTOPPED(status)) {
    const bool signal = status >> 16 == 0;  // else a stop that ptrace itself made
    ::ptrace(PTRACE_CONT, guest, nullptr, signal ? WSTOPSIG(status) : 0);
  }
  ::_exit(0);
}

}  // namespace

int main(int, char** argv) {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const pid_t guest = ::getpid();
  // Its end must send no signal: a traced process stops for each until the tracer looks.
  const pid_t child = fw::sys::clone3_fork({});
  EXPECT_OK(child);
  if (child == 0) {
    if (::fork() == 0) trace(guest, ends[1]);
    ::_exit(0);
  }
  EXPECT_EQ(::waitpid(child, nullptr, __WALL), child);
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

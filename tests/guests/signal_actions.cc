// Dispositions of all signals: handlers with their masks and flags, ignored ones,
// default ones, as the kernel holds them.
#include <csignal>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void simple(int) {}
void detailed(int, siginfo_t*, void*) {}

std::vector<struct sigaction> actions() {
  std::vector<struct sigaction> all;
  for (int signo = 1; signo < NSIG; ++signo) {
    struct sigaction action {};
    if (::sigaction(signo, nullptr, &action) == 0) all.push_back(action);
  }
  return all;
}

void set(int signo, void (*handler)(int), int flags, int masked) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  if (masked != 0) ::sigaddset(&action.sa_mask, masked);
  EXPECT_OK(::sigaction(signo, &action, nullptr));
}

}  // namespace

int main(int, char** argv) {
  set(SIGUSR1, simple, SA_RESTART, SIGUSR2);
  set(SIGUSR2, simple, SA_NODEFER | SA_RESETHAND, 0);
  set(SIGPIPE, SIG_IGN, 0, 0);
  set(SIGCHLD, SIG_DFL, SA_NOCLDWAIT | SA_NOCLDSTOP, 0);
  set(SIGRTMIN + 5, simple, SA_ONSTACK, SIGRTMAX);
  struct sigaction action {};
  action.sa_sigaction = detailed;
  action.sa_flags = SA_SIGINFO;
  ::sigfillset(&action.sa_mask);
  EXPECT_OK(::sigaction(SIGRTMAX, &action, nullptr));
  const std::vector<struct sigaction> before = actions();

  snapshot(argv[1]);

  const std::vector<struct sigaction> after = actions();
  EXPECT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].sa_sigaction == before[i].sa_sigaction, true);
    EXPECT_EQ(after[i].sa_flags, before[i].sa_flags);
    for (int signo = 1; signo < NSIG; ++signo) {
      EXPECT_EQ(::sigismember(&after[i].sa_mask, signo), ::sigismember(&before[i].sa_mask, signo));
    }
  }
}

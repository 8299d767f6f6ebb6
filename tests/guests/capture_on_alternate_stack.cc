// A capture from a signal handler that runs on the alternate stack: it is in use, so
// it cannot be set, and yet must be the alternate stack again afterwards.
#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

char stack[128 * 1024];
const char* image = nullptr;
int handled = 0;

void capture(int) {
  char here = 0;
  if (handled++ == 0) snapshot(image);
  EXPECT(&here >= stack && &here < stack + sizeof stack);
  stack_t now{};
  EXPECT_OK(::sigaltstack(nullptr, &now));
  EXPECT_EQ(now.ss_flags, SS_ONSTACK);
  EXPECT_EQ(now.ss_sp, static_cast<void*>(stack));
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  const stack_t wanted{stack, 0, sizeof stack};
  EXPECT_OK(::sigaltstack(&wanted, nullptr));
  struct sigaction action {};
  action.sa_handler = capture;
  action.sa_flags = SA_ONSTACK;
  EXPECT_OK(::sigaction(SIGUSR1, &action, nullptr));

  EXPECT_EQ(::raise(SIGUSR1), 0);

  stack_t now{};
  EXPECT_OK(::sigaltstack(nullptr, &now));
  EXPECT_EQ(now.ss_flags, 0);
  EXPECT_EQ(now.ss_size, sizeof stack);
  EXPECT_EQ(::raise(SIGUSR1), 0);
  EXPECT_EQ(handled, 2);
}

#include "bench/interrupt.h"

#include <atomic>
#include <csignal>

namespace fw::bench {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

void note(int) { interrupted.store(true, std::memory_order_relaxed); }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

Status check_interrupt() {
  if (!interrupted.load(std::memory_order_relaxed)) return {};
  return fail(Errc::kTimeout, "interrupted; nothing was written");
}

}  // namespace fw::bench

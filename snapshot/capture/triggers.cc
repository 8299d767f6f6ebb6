// Captures by signal and by timer: the same capture, from inside a handler.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "snapshot/snapshot.h"

namespace fw::capture {
namespace {

// One trigger at a time, as there is one capture at a time.
struct Trigger {
  const fw_snapshot_request* request = nullptr;
  fw_snapshot_done done = nullptr;
  void* user = nullptr;
  struct sigaction former {};
  timer_t timer{};
  bool has_timer = false;
};
Trigger g_trigger;

void on_trigger(int signo) {
  const int saved_errno = errno;
  const Trigger trigger = g_trigger;
  g_trigger = {};
  // Both would be in the image otherwise: the timer as a POSIX timer, which is
  // refused, and the handler as the program's disposition.
  if (trigger.has_timer) ::timer_delete(trigger.timer);
  ::sigaction(signo, &trigger.former, nullptr);
  fw_snapshot_report report;
  const int result = fw_snapshot_here(trigger.request, &report);
  if (trigger.done != nullptr) trigger.done(result, &report, trigger.user);
  errno = saved_errno;
}

int arm(int signo, const fw_snapshot_request* request, fw_snapshot_done done, void* user) {
  if (request == nullptr || request->image_path == nullptr) return -EINVAL;
  if (g_trigger.request != nullptr) return -EALREADY;
  struct sigaction action {};
  action.sa_handler = on_trigger;
  action.sa_flags = SA_RESTART;
  ::sigfillset(&action.sa_mask);
  Trigger trigger{request, done, user, {}, {}, false};
  if (::sigaction(signo, nullptr, &trigger.former) != 0) return -errno;
  g_trigger = trigger;
  if (::sigaction(signo, &action, nullptr) != 0) {
    g_trigger = {};
    return -errno;
  }
  return 0;
}

}  // namespace
}  // namespace fw::capture

extern "C" int fw_snapshot_on_signal(int signo, const fw_snapshot_request* request,
                                     fw_snapshot_done done, void* user) {
  return fw::capture::arm(signo, request, done, user);
}

extern "C" int fw_snapshot_after(uint64_t delay_ns, int signo, const fw_snapshot_request* request,
                                 fw_snapshot_done done, void* user) {
  using namespace fw::capture;
  if (delay_ns == 0) return -EINVAL;
  if (const int error = arm(signo, request, done, user); error != 0) return error;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signo;
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(delay_ns / fw::kNsPerSecond);
  when.it_value.tv_nsec = static_cast<long>(delay_ns % fw::kNsPerSecond);
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
    const int error = -errno;
    ::sigaction(signo, &g_trigger.former, nullptr);
    g_trigger = {};
    return error;
  }
  g_trigger.timer = timer;
  g_trigger.has_timer = true;
  ::timer_settime(timer, 0, &when, nullptr);
  return 0;
}

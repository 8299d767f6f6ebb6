#include <asm/signal.h>
#include <linux/prctl.h>

#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {

void restore_inherited(const image::Plan* plan) {
  if (plan->cwd.length != 0) {
    const char* cwd = image::text(plan, plan->cwd);
    if (const long r = call(__NR_chdir, cwd); failed(r)) {
      refuse_errno("cannot change to the working folder", cwd, r);
    }
  }
  call(__NR_umask, plan->umask);
  // All of them, the default ones too: ignored signals survive exec(), so what
  // this process ignores is whatever its starter happened to ignore.
  const auto* actions = image::records<image::SignalAction>(plan, plan->signals);
  for (std::uint32_t i = 0; i < image::kSignals; ++i) {
    const int signo = static_cast<int>(i) + 1;
    if (signo == SIGKILL || signo == SIGSTOP) continue;
    call(__NR_rt_sigaction, signo, &actions[i], nullptr, 8);
  }
}

void start_interval_timers(const image::Plan* plan) {
  for (int which = 0; which < 3; ++which) {
    const std::uint64_t* timer = plan->interval_timers[which];
    if ((timer[0] | timer[1] | timer[2] | timer[3]) != 0) {
      call(__NR_setitimer, which, timer, nullptr);
    }
  }
}

}  // namespace fw::raw

// What an invocation does to the process: folders, limits, signals, timers, credentials.
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstring>
#include <ctime>

#include "tests/guests/guest.h"
#include "tests/guests/resets/notebook.h"

using namespace fw::guest;

namespace {

std::string folder;
rlimit files;
int handled = 0;

void count_signal(int) { ++handled; }

std::uint64_t mask() {
  std::uint64_t blocked = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, &blocked, 8);
  return blocked;
}

void inspect(Notebook*) {
  char here[4096];
  EXPECT(::getcwd(here, sizeof here) != nullptr);
  EXPECT_EQ(std::string(here), folder);
  const mode_t was = ::umask(0);
  ::umask(was);
  EXPECT_EQ(was, 027);
  rlimit now{};
  EXPECT_OK(::getrlimit(RLIMIT_NOFILE, &now));
  EXPECT_EQ(now.rlim_cur, files.rlim_cur);
  struct sigaction action {};
  EXPECT_OK(::sigaction(SIGUSR1, nullptr, &action));
  EXPECT(action.sa_handler == count_signal);
  EXPECT_OK(::sigaction(SIGUSR2, nullptr, &action));
  EXPECT(action.sa_handler == SIG_DFL);
  // The watch's own handler must not show.
  EXPECT_OK(::sigaction(SIGSYS, nullptr, &action));
  EXPECT(action.sa_handler == count_signal);
  EXPECT_EQ(mask(), std::uint64_t{1} << (SIGHUP - 1));
  sigset_t pending{};
  EXPECT_OK(::sigpending(&pending));
  EXPECT_EQ(::sigismember(&pending, SIGHUP), 0);
  EXPECT_EQ(::sigismember(&pending, SIGRTMIN), 0);
  char name[16];
  EXPECT_OK(::prctl(PR_GET_NAME, name));
  EXPECT_EQ(std::string(name), "process");
  itimerval timer{};
  EXPECT_OK(::getitimer(ITIMER_REAL, &timer));
  EXPECT_EQ(timer.it_value.tv_sec, 0);
  EXPECT_EQ(contents("/proc/self/timers"), "");
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), 0);
  EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 1);
  stack_t stack{};
  EXPECT_OK(::sigaltstack(nullptr, &stack));
  EXPECT_EQ(stack.ss_flags, SS_DISABLE);
  cpu_set_t cpus{};
  EXPECT_OK(::sched_getaffinity(0, sizeof cpus, &cpus));
  cpu_set_t one{};
  CPU_SET(0, &one);
  EXPECT_EQ(CPU_EQUAL(&cpus, &one), 0);
  EXPECT_EQ(handled, 0);
}

const Deed kDeeds[] = {
    {"nothing", [](Notebook*) {}},
    {"folder", [](Notebook*) { EXPECT_OK(::chdir("/")); }},
    {"umask", [](Notebook*) { ::umask(0); }},
    {"limits",
     [](Notebook*) {
       const rlimit few{64, files.rlim_max};
       EXPECT_OK(::setrlimit(RLIMIT_NOFILE, &few));
     }},
    {"signal actions",
     [](Notebook*) {
       ::signal(SIGUSR1, SIG_IGN);
       ::signal(SIGUSR2, count_signal);
       ::signal(SIGSYS, SIG_DFL);
       ::signal(SIGCHLD, SIG_IGN);
     }},
    {"blocked and pending signals",
     [](Notebook*) {
       sigset_t all{};
       ::sigfillset(&all);
       EXPECT_OK(::sigprocmask(SIG_BLOCK, &all, nullptr));
       EXPECT_OK(::kill(::getpid(), SIGHUP));
       EXPECT_OK(::raise(SIGUSR1));
       EXPECT_OK(::sigqueue(::getpid(), SIGRTMIN, {}));
       EXPECT_OK(::sigqueue(::getpid(), SIGRTMIN, {}));
     }},
    {"handled signals",
     [](Notebook*) {
       EXPECT_OK(::raise(SIGUSR1));
       EXPECT_OK(::raise(SIGSYS));
       EXPECT_EQ(handled, 2);
     }},
    {"interval timers",
     [](Notebook*) {
       const itimerval soon{{0, 1000}, {0, 1000}};
       ::signal(SIGALRM, SIG_IGN);
       EXPECT_OK(::setitimer(ITIMER_REAL, &soon, nullptr));
       EXPECT_OK(::setitimer(ITIMER_PROF, &soon, nullptr));
     }},
    {"POSIX timers",
     [](Notebook*) {
       for (int i = 0; i < 3; ++i) {
         timer_t timer;
         sigevent event{};
         event.sigev_notify = SIGEV_NONE;
         EXPECT_OK(::timer_create(CLOCK_MONOTONIC, &event, &timer));
         const itimerspec soon{{0, 1000}, {0, 1000}};
         EXPECT_OK(::timer_settime(timer, 0, &soon, nullptr));
       }
     }},
    {"name", [](Notebook*) { EXPECT_OK(::prctl(PR_SET_NAME, "other")); }},
    {"alternate stack",
     [](Notebook*) {
       static char memory[64 << 10];
       const stack_t stack{memory, 0, sizeof memory};
       EXPECT_OK(::sigaltstack(&stack, nullptr));
     }},
    {"attributes",
     [](Notebook*) {
       EXPECT_OK(::prctl(PR_SET_DUMPABLE, 0));
       EXPECT_OK(::prctl(PR_SET_TIMERSLACK, 12345));
       EXPECT_OK(::prctl(PR_SET_PDEATHSIG, SIGUSR2));
       cpu_set_t one{};
       CPU_SET(0, &one);
       EXPECT_OK(::sched_setaffinity(0, sizeof one, &one));
     }},
    {"reset on an alternate stack, in a handler",
     [](Notebook*) {
       static char memory[64 << 10];
       const stack_t stack{memory, 0, sizeof memory};
       EXPECT_OK(::sigaltstack(&stack, nullptr));
       struct sigaction action {};
       action.sa_handler = [](int) { fw_snapshot_reset(); };
       action.sa_flags = SA_ONSTACK;
       EXPECT_OK(::sigaction(SIGUSR2, &action, nullptr));
       ::raise(SIGUSR2);
     }},
    // ---- what cannot be undone
    {"no new privileges", [](Notebook*) { EXPECT_OK(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }},
    {"dropped capability",
     [](Notebook*) { EXPECT_OK(::prctl(PR_CAPBSET_DROP, 0 /* CAP_CHOWN */, 0, 0, 0)); }},
    {"seccomp filter",
     [](Notebook*) {
       sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
       const sock_fprog program{1, &allow};
       EXPECT_OK(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
     }},
    {"session", [](Notebook*) { EXPECT_OK(::setsid()); }},
    {"namespace", [](Notebook*) { EXPECT_OK(::unshare(CLONE_NEWUTS)); }},
    {"root", [](Notebook*) { EXPECT_OK(::chroot("/proc")); }},
};

}  // namespace

int main(int, char** argv) {
  folder = folder_of(argv[1]);
  EXPECT_OK(::chdir(folder.c_str()));
  ::umask(027);
  EXPECT_OK(::getrlimit(RLIMIT_NOFILE, &files));
  ::signal(SIGUSR1, count_signal);
  ::signal(SIGSYS, count_signal);
  sigset_t hangup{};
  ::sigaddset(&hangup, SIGHUP);
  EXPECT_OK(::sigprocmask(SIG_SETMASK, &hangup, nullptr));
  return be_reset(argv[1], kDeeds, std::size(kDeeds), inspect);
}

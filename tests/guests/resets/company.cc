// What an invocation leaves running: threads and children.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/guests/guest.h"
#include "tests/guests/resets/notebook.h"

using namespace fw::guest;

namespace {

std::atomic<int> running{0};

void inspect(Notebook*) {
  EXPECT_EQ(running.load(), 0);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG | __WALL), -1);
  EXPECT_EQ(errno, ECHILD);
  EXPECT_EQ(field(contents("/proc/self/status"), "Threads"), "1");
}

void start_threads(int count, void (*work)()) {
  for (int i = 0; i < count; ++i) std::thread(work).detach();
  while (running < count) ::sched_yield();
}

void spin() {
  ++running;
  for (;;) {
    volatile int idle = 0;
    (void)idle;
  }
}

void wait_in_kernel() {
  ++running;
  for (;;) ::pause();
}

pid_t fork_child(void (*work)()) {
  const pid_t pid = ::fork();
  EXPECT_OK(pid);
  if (pid == 0) {
    work();
    ::_exit(0);
  }
  return pid;
}

const Deed kDeeds[] = {
    {"nothing", [](Notebook*) {}},
    {"waiting threads", [](Notebook*) { start_threads(5, wait_in_kernel); }},
    {"busy threads", [](Notebook*) { start_threads(2, spin); }},
    {"ending threads",
     [](Notebook*) {
       start_threads(8, [] {
         ++running;
         while (running < 8) ::sched_yield();
       });
     }},
    {"threads that start threads",
     [](Notebook*) {
       start_threads(2, [] {
         ++running;
         for (;;) {
           std::thread([] {}).join();
         }
       });
     }},
    {"reset by another thread",
     [](Notebook*) {
       std::thread([] { fw_snapshot_reset(); }).detach();
       for (;;) ::pause();
     }},
    {"reset by two threads",
     [](Notebook*) {
       for (int i = 0; i < 2; ++i) std::thread([] { fw_snapshot_reset(); }).detach();
       for (;;) ::pause();
     }},
    {"thread with all signals blocked",
     [](Notebook*) {
       start_threads(1, [] {
         sigset_t all{};
         ::sigfillset(&all);
         ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
         wait_in_kernel();
       });
     }},
    {"running child", [](Notebook*) { fork_child([] { ::pause(); }); }},
    {"ended child", [](Notebook*) { fork_child([] {}); }},
    {"stopped child",
     [](Notebook*) {
       const pid_t pid = fork_child([] { ::raise(SIGSTOP); });
       int status = 0;
       EXPECT_EQ(::waitpid(pid, &status, WUNTRACED), pid);
       EXPECT(WIFSTOPPED(status));
     }},
    {"grandchildren",
     [](Notebook*) {
       const pid_t pid = fork_child([] {
         for (int i = 0; i < 3; ++i) fork_child([] { ::pause(); });
       });
       EXPECT_EQ(::waitpid(pid, nullptr, 0), pid);
       fork_child([] {
         fork_child([] { ::pause(); });
         ::pause();
       });
     }},
    {"child that shares memory",
     [](Notebook*) {
       char* stack = map_anonymous(64 << 10, PROT_READ | PROT_WRITE);
       const auto idle = [](void*) {
         for (;;) ::pause();
         return 0;
       };
       EXPECT_OK(::clone(idle, stack + (64 << 10), CLONE_VM | SIGCHLD, nullptr));
     }},
    // ---- what cannot be undone
    {"deaf thread",
     [](Notebook*) {
       start_threads(1, [] {
         const std::uint64_t all = ~std::uint64_t{0};
         ::syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, nullptr, 8);
         wait_in_kernel();
       });
     }},
};

}  // namespace

int main(int, char** argv) { return be_reset(argv[1], kDeeds, std::size(kDeeds), inspect); }

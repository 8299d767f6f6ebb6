// System calls while the watch is on: what a program gets, and what a reset makes of it.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"
#include "tests/guests/resets/notebook.h"

using namespace fw::guest;

namespace {

int counter = 0;
int handled = 0;
void handle(int) { ++handled; }

alignas(kPage) char image_pages[20 * kPage];

void inspect(Notebook*) {
  EXPECT_EQ(counter + handled, 0);
  EXPECT(holds(image_pages, sizeof image_pages, 3));
}

// A system call that no library makes, with the red zone in use.
long raw_call(long number, long a, long b) {
  long result = 0;
  asm volatile(
      "movq $77, -16(%%rsp)\n\t"
      "syscall\n\t"
      "cmpq $77, -16(%%rsp)\n\t"
      "je 1f\n\t"
      "ud2\n\t"
      "1:"
      : "=a"(result)
      : "a"(number), "D"(a), "S"(b)
      : "rcx", "r11", "memory");
  return result;
}

const Deed kDeeds[] = {
    {"harmless calls",
     [](Notebook*) {
       ++counter;
       EXPECT_EQ(::getpid(), raw_call(SYS_getpid, 0, 0));
       char bytes[8] = {};
       EXPECT_EQ(::syscall(SYS_getrandom, bytes, sizeof bytes, 0), 8);
       timespec now{};
       EXPECT_EQ(raw_call(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now)), 0);
       EXPECT(now.tv_sec > 0 || now.tv_nsec > 0);
       EXPECT_EQ(::access("/nonexistent", R_OK), -1);
       EXPECT_EQ(errno, ENOENT);
     }},
    {"many harmless calls",
     [](Notebook*) {
       for (int i = 0; i < 20; ++i) EXPECT_EQ(raw_call(SYS_getppid, 0, 0), ::getppid());
     }},
    {"one call that matters", [](Notebook*) { EXPECT_EQ(raw_call(SYS_umask, 0, 0), 027); }},
    {"compatibility call",
     [](Notebook*) {
       long result = 20;  // getpid() of i386
       asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
       EXPECT(result == ::getpid() || result == -ENOSYS);
     }},
    {"vfork and exec",
     [](Notebook*) {
       const pid_t pid = ::vfork();
       if (pid == 0) {
         ::execl("/bin/true", "true", nullptr);
         ::_exit(1);
       }
       int status = 1;
       EXPECT_EQ(::waitpid(pid, &status, 0), pid);
       EXPECT_EQ(status, 0);
     }},
    {"own handler of SIGSYS",
     [](Notebook*) {
       struct sigaction was {};
       struct sigaction action {};
       action.sa_handler = handle;
       EXPECT_OK(::sigaction(SIGSYS, &action, &was));
       EXPECT(was.sa_handler == SIG_DFL);
       EXPECT_OK(::raise(SIGSYS));
       EXPECT_EQ(handled, 1);
     }},
    {"blocked SIGSYS",
     [](Notebook*) {
       sigset_t all{};
       ::sigfillset(&all);
       EXPECT_OK(::sigprocmask(SIG_SETMASK, &all, nullptr));
       EXPECT_OK(::chdir("/"));
     }},
    // Two invocations between resets: the second must not be taken for all there was.
    {"watched twice",
     [](Notebook*) {
       ::umask(0);
       fw_snapshot_watch(0);
       fw_snapshot_watch(1);
       ++counter;
       EXPECT_EQ(::getpid(), raw_call(SYS_getpid, 0, 0));
     }},
    {"reset while watched",
     [](Notebook*) {
       ++counter;
       fw_snapshot_reset();
     }},
    {"given back pages of the image",
     [](Notebook*) {
       EXPECT_EQ(::madvise(image_pages, sizeof image_pages, MADV_DONTNEED), 0);
       EXPECT(holds_zeros(image_pages, sizeof image_pages));
     }},
    {"given back pages",
     [](Notebook*) {
       static char pages[64 * kPage];
       std::memset(pages, 1, sizeof pages);
       auto* page = reinterpret_cast<char*>((reinterpret_cast<std::uintptr_t>(pages) + kPage) &
                                            ~(kPage - 1));
       EXPECT_EQ(::syscall(SYS_madvise, page, 8 * kPage, 4 /* MADV_DONTNEED */), 0);
     }},
};

}  // namespace

int main(int, char** argv) {
  ::umask(027);
  fill(image_pages, sizeof image_pages, 3);
  return be_reset(argv[1], kDeeds, std::size(kDeeds), inspect);
}

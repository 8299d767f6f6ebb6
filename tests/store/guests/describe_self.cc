// Prints what it was started with, one fact a line, and exits with code 7. With
// FWRUN_TEST_HANG set it then waits until it is killed.
#include <dirent.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>

extern char** environ;

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) std::printf("argument %s\n", argv[i]);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    std::printf("environment %s\n", *variable);
  }
  std::printf("pid %d\n", ::getpid());
  std::printf("session %d\n", ::getsid(0));
  std::printf("uid %u\n", ::geteuid());
  char folder[PATH_MAX];
  if (::getcwd(folder, sizeof folder) != nullptr) std::printf("folder %s\n", folder);
  DIR* fds = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(fds)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != ::dirfd(fds)) std::printf("descriptor %d\n", fd);
  }
  ::closedir(fds);
  std::fflush(stdout);
  if (std::getenv("FWRUN_TEST_HANG") != nullptr) {
    for (;;) ::pause();
  }
  return 7;
}

// Programs started after a restore by posix_spawn(), system() and popen().
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  EXPECT_OK(::setenv("FW_GUEST", "inherited", 1));

  snapshot(argv[1]);

  char shell[] = "/bin/sh";
  char option[] = "-c";
  char command[] = "test \"$FW_GUEST\" = inherited && exit 7";
  char* const arguments[] = {shell, option, command, nullptr};
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, shell, nullptr, nullptr, arguments, environ), 0);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  status = std::system("exit 8");
  EXPECT_EQ(WEXITSTATUS(status), 8);
  FILE* words = ::popen("echo from the shell", "r");
  EXPECT(words != nullptr);
  char line[64] = {};
  EXPECT(std::fgets(line, sizeof line, words) != nullptr);
  EXPECT_EQ(std::string(line), "from the shell\n");
  EXPECT_EQ(::pclose(words), 0);
}

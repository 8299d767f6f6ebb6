// Pipes of which one end is closed: a reader finds what was written and then the end
// of the file, a writer gets EPIPE.
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  int finished[2];
  int abandoned[2];
  int empty[2];
  EXPECT_OK(::pipe(finished));
  EXPECT_OK(::pipe(abandoned));
  EXPECT_OK(::pipe(empty));
  EXPECT_EQ(::write(finished[1], "last words", 10), 10);
  ::close(finished[1]);
  ::close(abandoned[0]);
  ::close(empty[1]);

  snapshot(argv[1]);

  char text[32] = {};
  EXPECT_EQ(::read(finished[0], text, sizeof text), 10);
  EXPECT_EQ(std::string(text), "last words");
  EXPECT_EQ(::read(finished[0], text, sizeof text), 0);
  EXPECT_EQ(::read(empty[0], text, sizeof text), 0);
  EXPECT_EQ(::write(abandoned[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
}

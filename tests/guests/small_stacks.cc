// Threads with the smallest stacks that are allowed: one is parked, which puts the
// whole vector state on its stack, and another, somewhat larger, captures.
#include <limits.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int pipe_ends[2];
const char* image = nullptr;

void* wait_for_byte(void*) {
  char byte = 0;
  EXPECT_EQ(::read(pipe_ends[0], &byte, 1), 1);
  return nullptr;
}

void* capture(void*) {
  wait_until_blocked(SYS_read);
  snapshot(image);
  return nullptr;
}

pthread_t start(void* (*body)(void*), std::size_t stack) {
  pthread_attr_t attributes;
  EXPECT_EQ(::pthread_attr_init(&attributes), 0);
  EXPECT_EQ(::pthread_attr_setstacksize(&attributes, stack), 0);
  pthread_t thread{};
  EXPECT_EQ(::pthread_create(&thread, &attributes, body, nullptr), 0);
  return thread;
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  EXPECT_OK(::pipe(pipe_ends));
  const pthread_t waiting = start(wait_for_byte, PTHREAD_STACK_MIN);
  const pthread_t capturing = start(capture, 64 * 1024);
  EXPECT_EQ(::pthread_join(capturing, nullptr), 0);
  EXPECT_EQ(::write(pipe_ends[1], "x", 1), 1);
  EXPECT_EQ(::pthread_join(waiting, nullptr), 0);
}

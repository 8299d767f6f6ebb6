// The main thread has ended while others go on: nobody can be the leader of the
// restored process.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

const char* image = nullptr;

void* capture(void*) {
  while (field(contents("/proc/self/status"), "State")[0] != 'Z') ::sched_yield();
  expect_refused(image, -EBUSY, {"the main thread has ended"});
  ::_exit(0);
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  pthread_t thread{};
  EXPECT_EQ(::pthread_create(&thread, nullptr, capture, nullptr), 0);
  ::pthread_exit(nullptr);
}

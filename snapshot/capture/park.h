// Stopping all other threads of this process at a point they can be resumed from,
// here or in a restored process.
//
// Each is sent signal 33, which glibc keeps for itself and which libuv, V8 and
// careful programs never block. Its handler notes what the kernel knows of the
// thread and waits. The kernel has by then saved all its registers, vector state
// included, in the signal frame on its stack; a restored thread is put back by
// rt_sigreturn from that very frame and never returns through the handler.
#pragma once

#include <memory_resource>
#include <vector>

#include "snapshot/capture/refusal.h"
#include "snapshot/image/format.h"

namespace fw::capture {

// The calling thread's own record (without signal mask and alternate stack).
void describe_this_thread(image::Thread* thread);

class ParkedThreads {
 public:
  explicit ParkedThreads(std::pmr::memory_resource* memory) : memory_(memory) {}
  // Resumes whatever was stopped.
  ~ParkedThreads();
  ParkedThreads(const ParkedThreads&) = delete;
  ParkedThreads& operator=(const ParkedThreads&) = delete;

  bool stop_all(Refusal* refusal);

  // One record for each stopped thread.
  std::pmr::vector<image::Thread> threads() const;

 private:
  std::pmr::memory_resource* memory_;
  bool stopped_ = false;
};

// In a restored process: forgets the capture that this memory was in the middle of.
void forget_parked_threads();

// How long a capture waits for threads to park before it names one and gives up: 10 s
// unless told otherwise. For tests.
void set_parking_patience(std::uint64_t ns);

}  // namespace fw::capture

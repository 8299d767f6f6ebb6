// The clone's side of its slot. Lives at the address the slot was mapped at
// before the snapshot. Allocates nothing itself; not thread-safe except log(),
// which any thread may call.
#pragma once

#include <cstdint>
#include <string_view>

#include "args/repository.h"
#include "args/timeline.h"

namespace fw::args {

// Arguments as taken: views that stay valid until the answer is put.
struct Taken {
  std::string_view request_id;
  std::uint64_t deadline_ns = 0;
  std::string_view arguments;
};

class Client {
 public:
  // `slot`: slot_bytes() of shared, writable memory.
  explicit Client(void* slot);

  // Blocks until arguments are there (the requester may put them before or after
  // this process starts).
  Result<Taken> take();

  // For training: puts arguments into our own slot, as a requester would, so
  // that take() follows the very path of a real invocation. Small payloads only.
  Status put_to_self(std::string_view request_id, std::string_view arguments);

  // Answers. A body larger than the slot goes to a memfd that is sealed and
  // fetched by the requester. kBadInput above kMaxPayload: nothing was put.
  Status answer(Outcome outcome, std::string_view body);

  // Appends console output. What does not fit is dropped, counted and reported.
  void log(Stream stream, std::string_view text);

  Timeline& timeline();

  // Forgets a training call: the slot is as if never used.
  void clear();

 private:
  void* slot_;
};

}  // namespace fw::args

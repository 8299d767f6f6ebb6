// The clone's side of its slot. Lives at the address the slot was mapped at
// before the snapshot. Allocates nothing on the heap except the text of an error;
// all it knows is in the slot and in the object, so both survive a snapshot
// between any two calls. Not thread-safe except log(), which any thread may call.
#pragma once

#include <cstdint>
#include <string_view>

#include "args/repository.h"
#include "args/timeline.h"
#include "base/mapping.h"
#include "base/result.h"

namespace fw::args {

struct SlotHeader;

// Arguments as taken: views that stay valid until the answer is put.
struct Taken {
  std::string_view request_id;
  std::uint64_t deadline_ns = 0;  // CLOCK_MONOTONIC; 0: none
  std::string_view arguments;
  std::string_view call_context;  // JSON text of an object, or empty
};

class Client {
 public:
  // `slot`: slot_bytes() of shared, writable memory.
  explicit Client(void* slot);

  // Blocks until arguments are there (the requester may put them before or after
  // this process starts). Fails with kRefused when the slot is of another
  // version, with kSystem when arguments that did not fit were not given as a
  // descriptor; answering with an error is possible after the latter.
  Result<Taken> take();

  // For training: puts arguments into our own slot, as a requester would, so
  // that take() follows the very path of a real invocation. Small payloads only:
  // kBadInput when they do not fit. Whoever awaits the slot meanwhile sees
  // neither the arguments nor the answer to them.
  Status put_to_self(std::string_view request_id, std::string_view arguments);

  // Answers; also without having taken arguments. `body` may be a part of the
  // arguments. A body larger than the slot goes to a memfd that is sealed and
  // fetched by the requester: answer() returns when it was fetched, or with
  // kTimeout when nobody came for 10 s. kBadInput above kMaxPayload and
  // kInternal when there is an answer already: nothing was put.
  Status answer(Outcome outcome, std::string_view body);

  // Appends console output. What does not fit is dropped, counted and reported;
  // what comes after the answer is ignored.
  void log(Stream stream, std::string_view text);

  // Says how the invocation met the compiled code, before it is answered: later notes are
  // ignored. One note, JSON {function, reason}, for each reason of kLost; notes share the
  // room of the log.
  void set_jit(Jit jit);
  void note_jit(std::string_view note);

  // What the requester wants of this process after the answer to the arguments taken
  // last. Noted with them: once the answer is put, the requester may be writing the next
  // request.
  After after() const { return after_; }

  // Says how this process came to the state in which it will take arguments.
  // Reaches the slot with the next arguments.
  void set_boot(Boot boot, std::uint32_t reset_pages);

  // Where this invocation's instants are noted; kAnswered by answer(). What is noted
  // before arguments are taken reaches the slot with them: until then the requester may
  // be reading the last answer. Filled with zeros by the next put.
  Timeline& timeline();

  // Forgets a training call: the slot is as if never used.
  void clear();

 private:
  SlotHeader& header() const;
  bool in_training() const;
  void publish(SlotHeader& slot);
  Status put_spilled(SlotHeader& slot, std::string_view body);

  void* slot_;
  Mapping spilled_arguments_;
  After after_ = After::kEnds;
  // Noted since the last answer.
  bool taken_ = false;
  Boot boot_ = Boot::kNone;
  std::uint32_t reset_pages_ = 0;
  Timeline early_{};
};

}  // namespace fw::args

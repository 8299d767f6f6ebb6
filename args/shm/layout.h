// The slot: shared memory through which one invocation's arguments reach a clone
// and its answer comes back. This header is the whole protocol between the two
// processes, which may have been built apart: change it together with
// kSlotVersion.
//
// A slot is a memfd of kSlotBytes, sealed against change of size (a clone that
// could shrink it could make the requester die of SIGBUS). It starts as zeros
// and is sparse: only pages that were touched exist, and each costs the clone a
// fault of about 2 us. Therefore all that a small invocation needs lies in the
// first page, the answer's body takes the place of the arguments, and only a
// function that logs touches a second page.
//
//   0               SlotHeader
//   kPayloadOffset  payload: the arguments, later the body of the answer
//   kLogOffset      log area: console output, record after record
//   kSlotBytes      end
//
// All integers are of the machine's byte order; both processes run on it.
//
// States of one invocation; `state` is the futex word both sides wait on:
//
//   kFree ──requester──> kPut ──clone──> kTaken ──clone──> kAnswered ─┐
//     ^                                                               │
//     └──────────────── requester, once it has the answer ────────────┘
//
// Who writes `state` has written everything else first (release), who reads it
// reads everything else afterwards (acquire), and who writes kPut or kAnswered
// wakes the word's waiter; a requester that waits for many clones at once is told of
// kAnswered by an eventfd instead (`notify_fd`). A clone may answer without having taken arguments.
//
// kDeadBit is added by the requester when the clone has ended without an answer:
// a change of the word that makes a FUTEX_WAIT which is about to begin return at
// once.
//
// kTrainingBit marks an invocation that a process put into its own slot. Such
// states are nobody else's business: a requester waits on as if the slot were
// free.
//
// Payloads beyond kPayloadCapacity travel in a memfd of their own, sealed with
// kPayloadSeals and exactly as long as the payload, named by descriptor number:
//  - arguments: the clone was started with the memfd as descriptor
//    `arguments_fd`, maps it and closes it. A clone that runs already cannot be
//    given one: large arguments need a clone started for them.
//  - answer: the clone leaves the memfd open as its descriptor `body_fd` and
//    waits, for at most `fetch_patience_ns`, until `state` is no longer
//    kAnswered; the requester duplicates the descriptor (pidfd_getfd), sets
//    kFree and wakes the clone.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "args/timeline.h"
#include "base/clock.h"

namespace fw::args {

inline constexpr std::uint32_t kSlotMagic = 0x4c535746;  // "FWSL"
inline constexpr std::uint32_t kSlotVersion = 3;

namespace slot_state {
inline constexpr std::uint32_t kFree = 0;
inline constexpr std::uint32_t kPut = 1;
inline constexpr std::uint32_t kTaken = 2;
inline constexpr std::uint32_t kAnswered = 3;
inline constexpr std::uint32_t kTrainingBit = 0x100;
inline constexpr std::uint32_t kDeadBit = 0x200;
}  // namespace slot_state

inline constexpr std::size_t kMaxRequestIdBytes = 63;
inline constexpr std::int32_t kNotByEvent = -1;
inline constexpr std::int32_t kInSlot = -1;  // of a descriptor number: payload is in the slot

struct SlotHeader {
  // Never moved in any version.
  std::uint32_t magic;
  std::uint32_t version;
  std::atomic<std::uint32_t> state;

  // Written by the requester while the slot is free.
  std::uint32_t request_id_bytes;
  std::uint64_t deadline_ns;  // CLOCK_MONOTONIC; 0: none
  std::uint64_t arguments_bytes;
  std::uint64_t fetch_patience_ns;  // 0: kDefaultFetchPatienceNs
  std::int32_t arguments_fd;        // kInSlot, or the clone's descriptor

  // Written by the clone until it sets kAnswered.
  std::int32_t body_fd;  // kInSlot, or the clone's descriptor
  std::uint64_t body_bytes;
  std::uint64_t minor_faults;  // getrusage(RUSAGE_SELF) at the answer
  std::uint64_t major_faults;
  std::uint32_t outcome;  // an Outcome
  std::uint32_t jit;      // a Jit

  // Bytes of the log area that were handed out to writers; beyond kLogBytes
  // when some did not fit.
  std::atomic<std::uint64_t> log_bytes_used;
  std::atomic<std::uint64_t> log_bytes_dropped;  // of text, without record headers

  Timeline timeline;
  char request_id[kMaxRequestIdBytes + 1];

  // Written by the requester while the slot is free.
  std::uint32_t after;               // an After
  std::uint32_t call_context_bytes;  // see call_context_offset()
  std::int32_t notify_fd;            // the clone's descriptor of an eventfd to add 1 to when it
                                     // answered; kNotByEvent: it wakes the waiter of `state`

  // Written by the clone when it wakes up, before it takes arguments.
  std::uint32_t boot;  // a Boot
  std::uint32_t reset_pages;
  std::uint32_t unused;
};

inline constexpr std::size_t kSlotBytes = std::size_t{1} << 20;
inline constexpr std::size_t kLogBytes = std::size_t{256} << 10;
inline constexpr std::size_t kLogOffset = kSlotBytes - kLogBytes;
inline constexpr std::size_t kPayloadOffset = 320;
inline constexpr std::size_t kPayloadCapacity = kLogOffset - kPayloadOffset;

static_assert(std::atomic<std::uint32_t>::is_always_lock_free &&
              std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(SlotHeader) <= kPayloadOffset, "the payload would overlap the header");
static_assert(offsetof(SlotHeader, state) == 8 && offsetof(SlotHeader, body_bytes) == 48);
static_assert(offsetof(SlotHeader, timeline) == 96 && offsetof(SlotHeader, request_id) == 184);

// How long a clone keeps an answer that is not in the slot for the requester to
// fetch. Fetching is a few system calls: only a requester that is gone needs more.
inline constexpr std::uint64_t kDefaultFetchPatienceNs = 10 * kNsPerSecond;

// Streams of the log area beyond those of a console.
inline constexpr std::uint8_t kJitNoteStream = 3;  // text: a note of Answer::jit_notes

// A record of the log area: this word, then the text, padded to 8 bytes. A
// writer takes its place by adding the record's size to `log_bytes_used`, so
// writers never wait for each other; it then stores the word with kWriting, the
// text, and the word again with the final mark.
struct LogRecordWord {
  static constexpr std::uint8_t kNothing = 0;  // place taken, word not yet written
  static constexpr std::uint8_t kWriting = 1;  // the length is final, the text is not
  static constexpr std::uint8_t kComplete = 2;
  static constexpr std::uint8_t kCut = 3;  // complete, but the text's end did not fit: the last

  std::uint32_t text_bytes;
  std::uint8_t stream;  // a Stream, or kJitNoteStream
  std::uint8_t mark;
  std::uint16_t unused;
};
static_assert(sizeof(LogRecordWord) == sizeof(std::uint64_t) && kLogOffset % 8 == 0);

// The call context lies in the payload, behind the arguments if those are there.
inline std::size_t call_context_offset(std::size_t arguments_in_slot) {
  return (arguments_in_slot + 7) & ~std::size_t{7};
}

inline std::byte* payload_of(SlotHeader& slot) {
  return reinterpret_cast<std::byte*>(&slot) + kPayloadOffset;
}
inline std::byte* log_of(SlotHeader& slot) {
  return reinterpret_cast<std::byte*>(&slot) + kLogOffset;
}

// Copies a payload. An empty view may have no address, which memcpy forbids; and
// the two may overlap when an answer is a part of the arguments.
inline void copy_bytes(void* to, std::string_view bytes) {
  if (!bytes.empty()) std::memmove(to, bytes.data(), bytes.size());
}

// One read of a field that another process may be changing: the value that is
// checked is the value that is used.
template <typename Integer>
Integer read_once(const Integer& field) {
  return __atomic_load_n(&field, __ATOMIC_RELAXED);
}

}  // namespace fw::args

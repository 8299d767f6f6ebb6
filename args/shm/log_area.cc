#include "args/shm/log_area.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string>

namespace fw::args {

namespace {

constexpr std::size_t kWordBytes = sizeof(LogRecordWord);

constexpr std::uint64_t padded(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }

std::uint64_t& word_at(SlotHeader& slot, std::uint64_t offset) {
  return *reinterpret_cast<std::uint64_t*>(log_of(slot) + offset);
}

void store_word(SlotHeader& slot, std::uint64_t offset, const LogRecordWord& word) {
  std::atomic_ref(word_at(slot, offset))
      .store(std::bit_cast<std::uint64_t>(word), std::memory_order_release);
}

LogRecordWord load_word(SlotHeader& slot, std::uint64_t offset) {
  return std::bit_cast<LogRecordWord>(
      std::atomic_ref(word_at(slot, offset)).load(std::memory_order_acquire));
}

// The longest part of `text` within `room` bytes that splits no UTF-8 character.
// Text that is not UTF-8 loses at most 3 bytes more than it had to.
std::size_t length_that_fits(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  const auto continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
  };
  std::size_t length = room;
  for (int step = 0; step < 3 && length > 0 && continues(length); ++step) --length;
  return length;
}

std::uint64_t add_saturating(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b
             ? std::numeric_limits<std::uint64_t>::max()
             : a + b;
}

tl::unexpected<Error> malformed(std::uint64_t offset, const std::string& what) {
  return fail(Errc::kFunction,
              "log record at byte " + std::to_string(offset) + " of the log area " + what);
}

void append(SlotHeader& slot, std::uint8_t stream, std::string_view text) {
  const std::uint64_t offset =
      slot.log_bytes_used.fetch_add(kWordBytes + padded(text.size()), std::memory_order_relaxed);
  if (offset > kLogBytes - kWordBytes) {
    slot.log_bytes_dropped.fetch_add(text.size(), std::memory_order_relaxed);
    return;
  }
  const std::size_t kept = length_that_fits(text, kLogBytes - kWordBytes - offset);
  LogRecordWord word{static_cast<std::uint32_t>(kept), stream, LogRecordWord::kWriting, 0};
  store_word(slot, offset, word);
  copy_bytes(log_of(slot) + offset + kWordBytes, text.substr(0, kept));
  word.mark = LogRecordWord::kComplete;
  if (kept < text.size()) {
    word.mark = LogRecordWord::kCut;
    slot.log_bytes_dropped.fetch_add(text.size() - kept, std::memory_order_relaxed);
  }
  store_word(slot, offset, word);
}

}  // namespace

void append_log(SlotHeader& slot, Stream stream, std::string_view text) {
  append(slot, static_cast<std::uint8_t>(stream), text);
}

void append_jit_note(SlotHeader& slot, std::string_view note) {
  append(slot, kJitNoteStream, note);
}

Result<LogCopy> copy_log(SlotHeader& slot) {
  LogCopy copy;
  copy.bytes_dropped = slot.log_bytes_dropped.load(std::memory_order_relaxed);
  const std::uint64_t used =
      std::min<std::uint64_t>(slot.log_bytes_used.load(std::memory_order_acquire), kLogBytes);
  std::uint64_t offset = 0;
  while (offset + kWordBytes <= used) {
    const LogRecordWord word = load_word(slot, offset);
    if (word.mark == LogRecordWord::kNothing) {
      // Its writer was overtaken by the answer before it told its length: where
      // the next record begins is unknown.
      copy.bytes_dropped = add_saturating(copy.bytes_dropped, used - offset - kWordBytes);
      break;
    }
    const std::uint64_t room = used - offset - kWordBytes;
    if (word.mark > LogRecordWord::kCut) {
      return malformed(offset, "has the unknown mark " + std::to_string(word.mark));
    }
    if (word.text_bytes > room) {
      return malformed(offset, "claims " + std::to_string(word.text_bytes) + " bytes where " +
                                   std::to_string(room) + " are left");
    }
    if (word.stream != static_cast<std::uint8_t>(Stream::kStdout) &&
        word.stream != static_cast<std::uint8_t>(Stream::kStderr) &&
        word.stream != kJitNoteStream) {
      return malformed(offset, "belongs to the unknown stream " + std::to_string(word.stream));
    }
    if (word.mark == LogRecordWord::kWriting) {
      copy.bytes_dropped = add_saturating(copy.bytes_dropped, word.text_bytes);
    } else {
      const auto* text = reinterpret_cast<const char*>(log_of(slot) + offset + kWordBytes);
      std::string copied(text, word.text_bytes);
      if (word.stream == kJitNoteStream) {
        copy.jit_notes.push_back(std::move(copied));
      } else {
        copy.entries.push_back({Stream{word.stream}, std::move(copied)});
      }
    }
    if (word.mark == LogRecordWord::kCut) break;
    offset += kWordBytes + padded(word.text_bytes);
  }
  return copy;
}

void clear_log(SlotHeader& slot) {
  const std::uint64_t used = std::min<std::uint64_t>(
      slot.log_bytes_used.exchange(0, std::memory_order_relaxed), kLogBytes);
  std::memset(log_of(slot), 0, used);
  slot.log_bytes_dropped.store(0, std::memory_order_relaxed);
}

}  // namespace fw::args

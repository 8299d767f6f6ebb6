// What every guest needs. A guest is a tiny program that exists to be captured:
// it builds a state of one kind, captures itself, and proves that it finds the
// state again. It runs the same checks in the captured process, which must go on
// unchanged, and in every clone. It says on standard error what differs and exits
// with 1 then, else with 0.
#pragma once

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "snapshot/snapshot.h"

namespace fw::guest {

// Captures to `image` and returns false in the captured process; true in a clone,
// and then every clone that the driver started is alive. Ends the guest with the
// reason when the capture is refused.
bool snapshot(const char* image);
bool snapshot(const fw_snapshot_request& request);

// What snapshot() does in a clone, for guests that call the C ABI themselves.
void meet_other_clones();

// Numbers at which the driver gives a clone its ends of two pipes: the first is
// written to on arrival, the second ends when all have arrived. No guest may use
// numbers from here on.
inline constexpr int kArrivedFd = 900;
inline constexpr int kGoFd = 901;

// Where the driver gives a clone a file with Rounds when it is to be reset instead: it
// meets nobody, and when it would end by returning from main(), it resets itself until
// all rounds are over.
inline constexpr int kRoundsFd = 902;
struct Rounds {
  std::uint32_t wanted;
  std::uint32_t done;  // times woken
};

// The capture must be refused with `error` and a reason that contains each of
// `words`, and must leave no file and no descriptor behind.
void expect_refused(const char* image, int error, std::initializer_list<std::string_view> words);

// Ends the guest with kSkipped: what it needs is not to be had here.
inline constexpr int kSkipped = 77;
[[noreturn]] void skip(const char* why);
// For what is passed over without ending.
void say(const char* what);

// ---- expectations -------------------------------------------------------------

[[noreturn]] void die(const char* file, int line, const std::string& what);

inline std::string shown(const std::string& value) { return '"' + value + '"'; }
inline std::string shown(const char* value) { return shown(std::string(value)); }
inline std::string shown(std::string_view value) { return shown(std::string(value)); }
inline std::string shown(const void* value) {
  return std::to_string(reinterpret_cast<std::uintptr_t>(value));
}
template <typename T>
requires std::is_arithmetic_v<T> || std::is_enum_v<T> std::string shown(T value) {
  if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<long long>(value));
  } else {
    return std::to_string(value);
  }
}

template <typename A, typename B>
void expect_equal(const char* file, int line, const char* text, const A& actual,
                  const B& expected) {
  bool same = false;
  if constexpr (std::integral<A> && std::integral<B>) {
    same = std::cmp_equal(+actual, +expected);  // the plus makes numbers of char and bool
  } else {
    same = actual == expected;
  }
  if (!same) die(file, line, text + (" is " + shown(actual)) + ", not " + shown(expected));
}

// ---- memory -------------------------------------------------------------------

inline constexpr std::size_t kPage = 4096;

// Bytes that differ from page to page and from seed to seed, none of them zero.
void fill(void* memory, std::size_t size, std::uint32_t seed);
bool holds(const void* memory, std::size_t size, std::uint32_t seed);
bool holds_zeros(const void* memory, std::size_t size);

// mmap() that cannot fail: private anonymous memory.
char* map_anonymous(std::size_t size, int prot, int more_flags = 0);

// What the kernel would let this process do at an address, without trying it.
bool can_read(const void* address);
bool can_write(void* address);  // writes back the byte that is there

// ---- threads and processes ------------------------------------------------------

// Waits until so many other threads are blocked in a system call; where the first
// argument is given, with that one.
void wait_until_blocked(long system_call, int threads = 1);
void wait_until_blocked_on(long system_call, std::uint64_t first_argument);
inline void wait_until_blocked_on(long system_call, const void* first_argument) {
  wait_until_blocked_on(system_call, reinterpret_cast<std::uint64_t>(first_argument));
}

// The folder of an image: each guest's own, for its files.
std::string folder_of(const char* image);

// All of a small file, as those of /proc.
std::string contents(const std::string& path);
// The value behind "key:" in such a file, as text.
std::string field(const std::string& text, std::string_view key);

}  // namespace fw::guest

#define EXPECT(condition) \
  ((condition) ? void(0) : ::fw::guest::die(__FILE__, __LINE__, #condition " does not hold"))
#define EXPECT_EQ(actual, expected) \
  ::fw::guest::expect_equal(__FILE__, __LINE__, #actual, actual, expected)
// For system calls: a failure is reported with errno.
#define EXPECT_OK(call)                                \
  ((call) != -1 ? void(0)                              \
                : ::fw::guest::die(__FILE__, __LINE__, \
                                   #call " failed with errno " + std::to_string(errno)))

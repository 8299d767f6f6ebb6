// Reading /proc without the heap.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fw::capture {

// A path below /proc, built in place: ProcPath("/proc/self/fd/", 7).
class ProcPath {
 public:
  explicit ProcPath(std::string_view before, std::uint64_t number = kNone,
                    std::string_view after = {});
  const char* c_str() const { return text_; }

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  char text_[96];
};

// The whole file; nullopt (and errno) when it cannot be read.
std::optional<std::pmr::string> read_proc(std::pmr::memory_resource* memory, const char* path);

// The target of a symbolic link; nullopt (and errno) when it cannot be read.
std::optional<std::pmr::string> read_link(std::pmr::memory_resource* memory, const char* path);

// The entries of a folder that are numbers, ascending; of /proc/self/fd without the
// descriptor by which it is read.
std::optional<std::pmr::vector<int>> list_numbers(std::pmr::memory_resource* memory,
                                                  const char* path);

// The inodes of the entries of a folder; nullopt (and errno) when it cannot be read.
std::optional<std::pmr::vector<std::uint64_t>> list_inodes(std::pmr::memory_resource* memory,
                                                           const char* path);

// The text after "key:" and blanks, up to the line's end; empty when there is none.
std::string_view field(std::string_view text, std::string_view key);

// Leading number of `text`, 0 if there is none.
std::uint64_t to_number(std::string_view text, int base = 10);

// Takes the next line (without its end) off the front of `*text`.
std::string_view take_line(std::string_view* text);
// Takes the next word, separated by blanks, off the front of `*text`.
std::string_view take_word(std::string_view* text);

// From the text of a "status" file: the task's id in its own PID namespace, which is
// ours, whatever namespace /proc is of. 0 when there is none.
std::uint32_t own_id(std::string_view status);

}  // namespace fw::capture

// What V8 says of optimised code that it gives up. With --trace-deopt it prints a line
// for each loss to C's stdout, and has no other way to tell. Nothing else of the host's
// uses that stream, but native addons may: their text is told apart and goes its way.
// The variable `stdout` is given another stream for that; glibc's manual allows it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace fw::v8host {

// Code of one function that V8 gave up.
struct LostCode {
  std::string name;  // empty for a function without one
  std::string file;  // with --trace-file-names; empty when the line does not tell
  std::string reason;
  std::string kind;               // "deopt-eager", "deopt-lazy", ...; or kDependencyChange
  std::uintptr_t shared = 0;      // the address of the function's SharedFunctionInfo, as printed
  std::uint64_t compilation = 0;  // V8's number of it: code compiled later has a higher one
};

// Code that was not running when something it relied on changed: V8 marks it and throws
// it away at the next call. The mark may also concern code that was replaced before.
inline constexpr char kDependencyChange[] = "dependency-change";

// The reason in words: V8's own where it has some.
std::string reason_of(const LostCode& lost);

// Takes what the lines in `text` tell; the rest is left in it.
std::vector<LostCode> take_lost_code(std::string& text);

// Catches the lines from here on, and lets other text pass to descriptor 1 at once, as
// node has it. To be called once, before V8 starts; the stream that replaces C's stdout
// is never freed. Later V8 isolates, of workers, print there too.
//
// `any` is true while there are some; it must live until the process ends.
void catch_trace(std::atomic<bool>& any);

// Takes them. Any thread may be printing.
std::vector<LostCode> take_trace();

}  // namespace fw::v8host

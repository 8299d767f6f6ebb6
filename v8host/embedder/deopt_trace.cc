#include "v8host/embedder/deopt_trace.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace fw::v8host {

namespace {

constexpr std::string_view kBailout = "[bailout (kind: ";
constexpr std::string_view kMarking = "[marking dependent code 0x";
constexpr std::string_view kLineEnd = "]\n";
// No line is longer, unless a function's name is.
constexpr std::size_t kLongestLine = 4096;

// Reads a text from left to right; any step that does not find what it looks for
// makes the whole a failure.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // The text before `end`, which is skipped.
  std::string_view until(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) {
      failed_ = true;
      return {};
    }
    const std::string_view found = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return found;
  }

  template <typename T>
  T number(int base) {
    T value = 0;
    const auto [end, error] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), value, base);
    if (error != std::errc()) failed_ = true;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// "name <file>", "name" or "<file>", between blanks.
void set_name_and_file(std::string_view text, LostCode& lost) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.ends_with('>')) {
    const std::size_t open = text.starts_with('<') ? 0 : text.rfind(" <");
    if (open != std::string_view::npos) {
      const std::size_t file = text.find('<', open) + 1;
      lost.file = text.substr(file, text.size() - 1 - file);
      text = text.substr(0, open);
    }
  }
  lost.name = text;
}

// [bailout (kind: K, reason: R): begin. deoptimizing 0xF <JSFunction NAME <FILE> (sfi =
// 0xS)>, opt id N, ...]
bool read_bailout(Scanner& line, LostCode& lost) {
  line.until(kBailout);
  lost.kind = line.until(", reason: ");
  lost.reason = line.until("): begin. deoptimizing ");
  line.until("<JSFunction");
  set_name_and_file(line.until("(sfi = 0x"), lost);
  lost.shared = line.number<std::uintptr_t>(16);
  line.until("opt id ");
  lost.compilation = line.number<std::uint64_t>(10);
  line.until(kLineEnd);
  return !line.failed();
}

// [marking dependent code 0xC (0xS <SharedFunctionInfo NAME>) (opt id N) for
// deoptimization, reason: R]
bool read_marking(Scanner& line, LostCode& lost) {
  line.until(kMarking);
  line.until("(0x");
  lost.shared = line.number<std::uintptr_t>(16);
  line.until("<SharedFunctionInfo");
  set_name_and_file(line.until(">) (opt id "), lost);
  lost.compilation = line.number<std::uint64_t>(10);
  line.until("reason: ");
  lost.reason = line.until(kLineEnd);
  lost.kind = kDependencyChange;
  return !line.failed();
}

// Where the first line begins; npos when there is none.
std::size_t find_line(std::string_view text) {
  return std::min(text.find(kBailout), text.find(kMarking));
}

void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // as printing itself would have failed
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Lines that were caught; the stream's lock guards it.
struct Caught {
  std::string text;
  std::size_t began = 0;  // of the last line, while it is not complete
  bool inside = false;    // that line
  std::atomic<bool>* any = nullptr;
};

Caught caught;

// V8 prints a line piece by piece; its beginning and its end are never split.
ssize_t on_print(void*, const char* bytes, std::size_t size) {
  std::string_view rest(bytes, size);
  while (!rest.empty()) {
    if (!caught.inside) {
      const std::size_t at = find_line(rest);
      write_out(rest.substr(0, at));
      if (at == std::string_view::npos) break;
      rest.remove_prefix(at);
      caught.began = caught.text.size();
      caught.inside = true;
      caught.any->store(true, std::memory_order_relaxed);
    }
    const std::size_t end = rest.find(kLineEnd);
    const std::size_t taken = end == std::string_view::npos ? rest.size() : end + kLineEnd.size();
    caught.text.append(rest.substr(0, taken));
    rest.remove_prefix(taken);
    // What never ends was something else; take_trace() will find that out.
    caught.inside =
        end == std::string_view::npos && caught.text.size() - caught.began < kLongestLine;
  }
  return static_cast<ssize_t>(size);
}

}  // namespace

// What is lost lazily was marked before; V8 does not say why once more.
std::string reason_of(const LostCode& lost) {
  const bool marked = lost.kind == kDependencyChange || lost.reason == "(unknown)";
  return marked ? "something that its code relied on has changed: the type of an object's field, "
                  "a constant or a prototype"
                : lost.reason;
}

std::vector<LostCode> take_lost_code(std::string& text) {
  std::vector<LostCode> found;
  std::string others;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = find_line(rest);
    others.append(rest.substr(0, at));
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at);
    const std::string_view window = rest.substr(0, kLongestLine);
    Scanner line(window);
    LostCode lost;
    const bool read =
        window.starts_with(kBailout) ? read_bailout(line, lost) : read_marking(line, lost);
    if (read) {
      found.push_back(std::move(lost));
      rest.remove_prefix(window.size() - line.left());
    } else {
      others.append(rest.substr(0, 1));
      rest.remove_prefix(1);
    }
  }
  text = std::move(others);
  return found;
}

void catch_trace(std::atomic<bool>& any) {
  caught.any = &any;
  static const cookie_io_functions_t kCalls{nullptr, on_print, nullptr, nullptr};
  FILE* const stream = ::fopencookie(&caught, "w", kCalls);
  FW_CHECK(stream != nullptr, "no memory for a stream");
  std::setvbuf(stream, nullptr, _IONBF, 0);
  // The one that std::cout goes on to use. Node takes its buffer away, too.
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  stdout = stream;
}

std::vector<LostCode> take_trace() {
  ::flockfile(stdout);
  std::string text = std::exchange(caught.text, {});
  // A line that another thread is printing waits for its end.
  const std::size_t whole = caught.inside ? caught.began : text.size();
  caught.text = text.substr(whole);
  caught.began = 0;
  caught.any->store(caught.inside, std::memory_order_relaxed);
  ::funlockfile(stdout);
  text.resize(whole);
  std::vector<LostCode> lost = take_lost_code(text);
  write_out(text);
  return lost;
}

}  // namespace fw::v8host

// Host: a language host's process, whatever the language. What a call of the handler
// goes through is the same in training and in a restored process, so that training
// warms it; only where answers and console output end differs, and that is decided
// here.
//
// One object, made before the runtime starts and living until the process ends. For
// the thread that runs user code, except where noted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "args/repository.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "embed/host_snapshot.h"
#include "embed/job.h"

namespace fw::embed {

// What becomes of answers and console output.
enum class Mode {
  kInstalling,  // kept here: they belong to training calls
  kServing,     // go to the requester: this process was restored
};

// What became of a training call.
struct Trained {
  args::Outcome outcome = args::Outcome::kError;
  std::string answer;
  std::string log;  // the end of what it wrote to the console
};

class Host {
 public:
  explicit Host(HostSnapshot its_snapshot) : snapshot(std::move(its_snapshot)) {}

  // Reads the job and makes the environment the function's own. On errors the
  // install is answered, and the process ends.
  void boot(UniqueFd job_fd);

  // Begins a training call, and puts its arguments where those of invocations
  // arrive. False when they are too large for that: the call is then to be made
  // without the slot.
  Result<bool> put_to_self(std::string_view id, std::string_view text);

  // Waits for an invocation and gives its arguments, valid until it is answered.
  Result<std::string_view> take();

  // Whole milliseconds until the deadline of the arguments taken last.
  std::uint64_t remaining_ms() const;

  // Notes the time; of no effect if there is no such instant.
  void mark(std::uint32_t instant);

  // The answer to the arguments taken last. False when it is too large: nothing was
  // answered.
  Result<bool> answer(args::Outcome outcome, std::string_view body);

  // The invocation is answered: ends a restored process or brings it back to its
  // image, unless its requester wants it to stay as it is. Returns then, and in
  // training.
  void done();

  // Console output. Any thread.
  void log(args::Stream stream, std::string_view text);

  // Answers the install (not an invocation) and ends this process. For any thread,
  // at any moment: it runs no code of the runtime's and no destructor.
  [[noreturn]] void finish_install(args::Outcome outcome, std::string_view body);
  [[noreturn]] void fail_install(std::string_view error_type, std::string_view message);

  Job job;
  HostSnapshot snapshot;
  Mode mode = Mode::kInstalling;
  std::string request_id;  // of the arguments taken last
  // What the requester tells of its caller, JSON text or empty; valid until the answer.
  std::string_view call_context;
  Trained trained;  // of the training call under way

 private:
  std::uint64_t deadline_ns_ = 0;  // CLOCK_MONOTONIC; set also when the requester set none
  bool trained_in_slot_ = false;
};

// The descriptor that a host's argument names; -1 when the text is no number.
int descriptor_argument(std::string_view text);

}  // namespace fw::embed

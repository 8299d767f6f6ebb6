// Invocation from the image file alone: a process is restored, serves one call,
// and is gone when invoke_image() returns. Nothing needs to be running before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "args/repository.h"
#include "base/result.h"

namespace fw::store {

struct InvokeRequest {
  int image_fd = -1;
  std::filesystem::path restorer;  // executable
  std::string_view arguments;      // JSON text
  std::uint64_t timeout_ms = 3000;
  int pack_fd = -1;  // the image's pack; -1: its files are opened themselves
};

enum class Ending {
  kResult,    // body: what the handler returned, JSON
  kError,     // body: {errorType, errorMessage, trace}: it threw, or its process ended
  kTimedOut,  // body: likewise; the process was killed
};

struct Invoked {
  Ending ending = Ending::kError;
  std::string body;
  std::string_view tier = "cold";  // how the process came to be: "live" when it was there
  std::string request_id;
  args::Timeline timeline{};
  std::uint64_t received_ns = 0;  // when the answer was here, CLOCK_MONOTONIC
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  // The console's entries in order, then what native code or children wrote to
  // descriptors 1 and 2.
  std::vector<args::LogEntry> logs;
  std::uint64_t log_bytes_dropped = 0;
  args::Boot boot = args::Boot::kNone;  // how the clone came to take the arguments
  std::uint32_t reset_pages = 0;        // pages that the reset before it brought back
  // Whether the code that was compiled before the snapshot served; jit_notes as of
  // args::Answer, unchecked.
  args::Jit jit = args::Jit::kNothing;
  std::vector<std::string> jit_notes;
};

// kBadInput: the arguments are too large. kRefused: the image cannot be used
// here, with the restorer's reason. kSystem: no process could be started.
// Whatever the ending, the process has been reaped.
Result<Invoked> invoke_image(const InvokeRequest& request);

}  // namespace fw::store

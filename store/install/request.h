// What is asked of an install, and what it tells.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

struct InstallRequest {
  std::filesystem::path source;    // a JavaScript or Python file, or a folder with one
  std::string name;                // empty: by the source
  std::string handler;             // "export.nested", in a folder "file.export.nested"; or empty
  std::string signature = "auto";  // of the handler: "http", "event", or as it looks
  std::optional<std::string> training_events;           // JSON text, to be an array
  std::string training_source = "the training events";  // their name in messages
  std::map<std::string, std::string> environment;
  std::uint64_t memory_mb = 128;
  std::uint64_t timeout_ms = 3000;
  bool auto_jit = true;        // Python: compile functions that nobody annotated, where it is safe
  double jit_tolerance = 0.0;  // relative error of floats that auto_jit may accept, 0 to below 1
  bool require_jit = false;    // fail when an annotated function is not optimised
};

enum class InstallPhase {
  kCheck,    // the inputs
  kWait,     // until another install of the same function ends
  kTrain,    // a host boots, loads, trains and is captured
  kRetry,    // the same again: the host's random layout had no room for the restorer
  kVerify,   // one restore, its answer compared with the host's
  kPublish,  // the version becomes the current one
};
std::string_view name_of(InstallPhase phase);

// Told when a phase begins.
using InstallProgress = std::function<void(InstallPhase)>;

struct Installed {
  std::string name;
  std::uint64_t version = 0;
  nlohmann::json manifest;
  // The host's report, and `training.after_restore_us`: the handler's time in
  // the first process restored.
  nlohmann::json report;
};

struct InstallFailure {
  // NOLINTNEXTLINE(google-explicit-constructor): errors of the steps become failures of the whole
  InstallFailure(Error cause) : error(std::move(cause)) {}

  Error error;
  nlohmann::json detail;    // {errorType, errorMessage, trace, file?, line?, column?} or null
  std::string host_output;  // what the host and the function printed
};

using InstallResult = tl::expected<Installed, InstallFailure>;

}  // namespace fw::store

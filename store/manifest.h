// Manifest: what a version of a function is, as manifest.json says it. Enough to
// invoke it; how its installation went is in report.json.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

// Raised when an older fwrun could misread a newer manifest.
inline constexpr int kManifestFormat = 1;

struct Manifest {
  std::string name;
  std::uint64_t version = 0;
  std::string runtime;                             // "nodejs18.20.4", as the host calls itself
  std::string entry;                               // absolute path; the code runs where it lies
  std::string handler;                             // "export.nested"; empty: by convention
  std::string signature = "event";                 // how it is called; "http": by HTTP requests
  std::map<std::string, std::string> environment;  // as asked for
  std::uint64_t memory_mb = 0;
  std::uint64_t timeout_ms = 0;
  std::uint64_t installed_ms = 0;  // since 1970
  std::uint64_t image_bytes = 0;   // that it takes on disk
  // The JIT receipt: JSON text of an array, one object for each function of the
  // user's (embed/report.h, FunctionReport). Empty in a version of an older fwrun.
  std::string jit;
};

// With the receipt as "jit", unless it is empty or no JSON.
nlohmann::json to_json(const Manifest& manifest);

// The text of manifest.json. The receipt comes last, a function a line: every
// invocation reads the rest, and need not look at what may be hundreds of functions.
std::string to_text(const Manifest& manifest);

// kRefused when the text is no manifest or one of a newer format. A receipt that is
// where to_text() puts it is taken as it is, unchecked.
Result<Manifest> manifest_from_json(std::string_view text);

}  // namespace fw::store

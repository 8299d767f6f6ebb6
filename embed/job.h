// What a language host is told when a function is installed, and what it reports.
//
// A host is an executable, started as
//   fwrun-v8host --job FD --slot FD     or fwrun-pyhost
// in the function's folder, with the job as JSON in the first descriptor and its
// slot in the second. It loads and trains the function, captures itself to job.image_path and
// answers through its slot: kResult with a Report, or kError with an ErrorReport. Then it exits. In
// each process restored from the image it takes arguments from its slot, runs the handler, answers,
// and exits.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace fw::embed {

// Tag under which a host declares its slot to the snapshot library.
inline constexpr std::uint32_t kSlotTag = 0;

struct Job {
  std::string function_name;
  std::string function_version;
  std::string entry;    // absolute path of the file with the handler
  std::string handler;  // "export.nested"; empty: by convention
  // "http": the handler takes HTTP requests, (req, res) or (request); "event": it does
  // not; "auto": its parameters, or how it was registered, tell.
  std::string signature = "auto";
  std::string image_path;
  std::string training_events;  // JSON text: an array of events; empty: none given
  std::map<std::string, std::string> environment;
  bool auto_jit = true;        // Python: compile functions that nobody annotated, where it is safe
  double jit_tolerance = 0.0;  // relative error of floats that auto_jit may accept
  std::uint64_t memory_mb = 128;
  std::uint64_t timeout_ms = 3000;
  std::uint64_t hook_timeout_ms = 10000;
  std::uint64_t training_timeout_ms = 60000;
};

nlohmann::json to_json(const Job& job);
Result<Job> job_from_json(std::string_view text);

}  // namespace fw::embed

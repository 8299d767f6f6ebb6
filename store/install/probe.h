// The step of an install that proves its image: one restore, one answer.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/result.h"

namespace fw::store {

struct Proof {
  std::filesystem::path image;
  std::filesystem::path restorer;
  std::uint64_t timeout_ms = 3000;
};

// Restores the image and calls it with the event of the host's probe; with {} if
// the function was not trained, and then any answer will do. Adds to the report
// training.after_restore_us, the handler's time, and a warning when the answer
// differs from one that had been the same twice. Fails when no answer comes, or
// an error where the host had a result.
Status prove_image(const Proof& proof, nlohmann::json& report);

}  // namespace fw::store

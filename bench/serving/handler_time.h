// The time of the handler alone, as its process noted it.
#pragma once

#include <optional>

#include "args/repository.h"
#include "base/clock.h"

namespace fw::bench {

inline std::optional<double> handler_us(const args::Answer& answer) {
  const std::uint64_t handler = args::at(answer.timeline, args::Instant::kHandler);
  const std::uint64_t handled = args::at(answer.timeline, args::Instant::kHandled);
  if (handler == 0 || handled < handler) return std::nullopt;
  return static_cast<double>(handled - handler) / kNsPerUs;
}

}  // namespace fw::bench

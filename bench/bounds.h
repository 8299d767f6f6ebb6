// Bounds: what the measured figures must satisfy. A bound that cannot be judged,
// because a figure is missing, is neither kept nor missed, and says why.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/figure.h"

namespace fw::bench {

enum class Comparison { kAtMost, kAtLeast };

struct Bound {
  std::string name;
  std::string what;             // for people: "restore of a NOP from the store"
  std::string unit;             // "x floor", "x faster", "bytes", "" for counts
  std::optional<double> value;  // measured; none when it could not be
  double bound = 0;
  Comparison comparison = Comparison::kAtMost;
  std::string note;   // why there is no value
  std::string suite;  // as for figures

  // nullopt: not judged.
  std::optional<bool> pass() const;
};

// Why figures are missing, by the beginning of their names: "nop.cache" -> reason.
using Unavailable = std::map<std::string, std::string>;

// The bounds of starting functions from their image files. Of JavaScript,
// "nop" does nothing and "cpu" computes; of Python, "nop_python" and "montecarlo", with
// Numba.
std::vector<Bound> restore_bounds(const Figures& figures, const Unavailable& unavailable);

// The bounds of serving, and of a soak.
std::vector<Bound> serving_bounds(const Figures& figures, const Unavailable& unavailable);
std::vector<Bound> soak_bounds(const Figures& figures, const Unavailable& unavailable);

bool any_missed(const std::vector<Bound>& bounds);

}  // namespace fw::bench

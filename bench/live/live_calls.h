// Many calls in one restored process: what a call costs once no page is touched for the
// first time, and how much memory of its own the process has then.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/bounds.h"
#include "bench/figure.h"
#include "bench/restores/forms.h"

namespace fw::bench {

inline constexpr std::size_t kLiveCalls = 100;  // of each process, the first included

struct LiveCalls {
  std::string key;   // "nop.live"
  std::string what;  // "NOP"
  Target target;
  std::string failure{};  // why there are no more samples; empty: there is no reason
  std::vector<double> calls_us{};
  std::vector<double> first_bytes{};
  std::vector<double> last_bytes{};
};

// Of the forms of the store.
std::vector<LiveCalls> make_live_calls(const std::vector<Form>& forms);

// Restores `count` processes, one after the other, and makes kLiveCalls calls of each.
// A function that cannot serve twice has no samples, and says why.
Status measure(LiveCalls& live, std::size_t count);

// Adds KEY.call (the handler alone, in the second half of a process's calls), and
// KEY.private_after_first and KEY.private_after_100: memory that exists because the
// process does (store/live_clone.h, private_kb()). What failed is `unavailable`.
void report(const std::vector<LiveCalls>& all, Figures& figures, Unavailable& unavailable);

}  // namespace fw::bench

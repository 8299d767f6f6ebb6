#include "bench/live/live_calls.h"

#include <string_view>
#include <utility>

#include "args/timeline.h"
#include "base/clock.h"
#include "bench/interrupt.h"
#include "store/live_clone.h"

namespace fw::bench {

namespace {

constexpr std::string_view kStore = ".store";
constexpr double kKibibyte = 1024;
// A function that takes longer than this for all calls is not asked for all.
constexpr std::uint64_t kPatienceNs = 20 * kNsPerSecond;

Status sample_memory(const store::LiveClone& clone, std::vector<double>& samples) {
  FW_TRY_ASSIGN(const std::uint64_t kb, clone.private_kb());
  samples.push_back(static_cast<double>(kb) * kKibibyte);
  return {};
}

// Of one process. Nothing is kept of a process that did not make all calls.
Status measure_one(LiveCalls& live) {
  FW_TRY_ASSIGN(store::LiveClone clone, store::LiveClone::start(live.target.request()));
  FW_TRY(check_answer(live.target, clone.first()));
  std::vector<double> first_bytes;
  std::vector<double> calls_us;
  FW_TRY(sample_memory(clone, first_bytes));
  const std::uint64_t deadline = monotonic_ns() + kPatienceNs;
  for (std::size_t call = 1; call < kLiveCalls; ++call) {
    if (monotonic_ns() > deadline) {
      return fail(Errc::kTimeout, std::to_string(kLiveCalls) + " calls would take too long");
    }
    FW_TRY_ASSIGN(const store::Invoked invoked, clone.invoke(live.target.event));
    FW_TRY(check_answer(live.target, invoked));
    const std::uint64_t handler = args::at(invoked.timeline, args::Instant::kHandler);
    const std::uint64_t handled = args::at(invoked.timeline, args::Instant::kHandled);
    if (call < kLiveCalls / 2 || handler == 0 || handled < handler) continue;
    calls_us.push_back(static_cast<double>(handled - handler) / kNsPerUs);
  }
  FW_TRY(sample_memory(clone, live.last_bytes));
  live.first_bytes.push_back(first_bytes.front());
  live.calls_us.insert(live.calls_us.end(), calls_us.begin(), calls_us.end());
  return {};
}

}  // namespace

std::vector<LiveCalls> make_live_calls(const std::vector<Form>& forms) {
  std::vector<LiveCalls> all;
  for (const Form& form : forms) {
    if (!form.key.ends_with(kStore)) continue;
    const std::string function = form.key.substr(0, form.key.size() - kStore.size());
    all.push_back({function + ".live", form.what.substr(0, form.what.find(", ")), form.target});
  }
  return all;
}

Status measure(LiveCalls& live, std::size_t count) {
  for (std::size_t i = 0; i < count && live.failure.empty(); ++i) {
    FW_TRY(check_interrupt());
    if (const Status measured = measure_one(live); !measured) {
      live.failure = measured.error().message();
    }
  }
  return {};
}

void report(const std::vector<LiveCalls>& all, Figures& figures, Unavailable& unavailable) {
  for (const LiveCalls& live : all) {
    if (!live.failure.empty()) {
      unavailable[live.key] = live.failure;
      continue;
    }
    figures.add(live.key + ".call", "call in a process that served many, " + live.what, "us",
                live.calls_us);
    figures.add(live.key + ".private_after_first",
                "memory of its own, after one call, " + live.what, "bytes", live.first_bytes);
    figures.add(live.key + ".private_after_100", "memory of its own, after 100 calls, " + live.what,
                "bytes", live.last_bytes);
  }
}

}  // namespace fw::bench

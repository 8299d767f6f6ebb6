#include "bench/serving/hot_calls.h"

#include <utility>

#include "base/clock.h"
#include "bench/serving/handler_time.h"

namespace fw::bench {

namespace {

// A clone that was to be reset and was not says so by how it came to take its arguments.
Status check_reset(const HotCalls& calls, args::Boot boot) {
  const bool was_reset = boot == args::Boot::kResetFast || boot == args::Boot::kResetScan ||
                         boot == args::Boot::kResetFull;
  if (was_reset == (calls.after == args::After::kResets)) return {};
  return fail(Errc::kInternal, was_reset ? "a clone that was to stay was reset"
                                         : "a clone that was to be reset was not");
}

Status measure_clone(HotCalls& calls, std::size_t count) {
  DirectCall before;
  FW_TRY_ASSIGN(DirectClone clone,
                DirectClone::fork(calls.boots->from, calls.boots->target, calls.after, before));
  for (std::size_t i = 0; i < kHotWarmUp + count; ++i) {
    FW_TRY_ASSIGN(DirectCall call, clone.call(calls.after));
    FW_TRY(check_reset(calls, call.answer.boot));
    if (i >= kHotWarmUp) {
      const std::uint64_t taken_ns = call.received_ns - before.received_ns;
      calls.call_us.push_back(static_cast<double>(taken_ns) / kNsPerUs);
      if (const auto handler = handler_us(call.answer)) calls.handler_us.push_back(*handler);
      calls.reset_pages.push_back(call.answer.reset_pages);
      ++calls.boot_counts[static_cast<std::size_t>(call.answer.boot) % calls.boot_counts.size()];
      if (call.answer.jit == args::Jit::kLost) ++calls.without_jit;
    }
    before = std::move(call);
  }
  return {};
}

double percent(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

void report_resets(const HotCalls& calls, Figures& figures) {
  figures.add(calls.key + ".pages", "pages that a reset brings back, " + calls.what, "",
              calls.reset_pages);
  const auto add_share = [&](const char* name, const char* how, args::Boot boot) {
    figures.add(calls.key + name, std::string("resets ") + how + ", " + calls.what, "%",
                percent(calls.boot_counts[static_cast<std::size_t>(boot)], calls.call_us.size()));
  };
  add_share(".fast", "from the pages known from the last", args::Boot::kResetFast);
  add_share(".scan", "that searched for changed pages", args::Boot::kResetScan);
  add_share(".full", "that looked at everything", args::Boot::kResetFull);
  figures.add(calls.key + ".without_jit",
              "calls after a reset without the code compiled before, " + calls.what, "",
              static_cast<double>(calls.without_jit));
}

}  // namespace

std::vector<HotCalls> make_hot_calls(const std::vector<ForkBoots>& boots) {
  std::vector<HotCalls> all;
  for (const ForkBoots& one : boots) {
    const std::string function = one.key.substr(0, one.key.rfind('.'));
    all.push_back({function + ".parked", one.what, args::After::kStays, &one});
    all.push_back({function + ".reset", one.what, args::After::kResets, &one});
  }
  return all;
}

Status measure(HotCalls& calls, std::size_t count) {
  Status measured = measure_clone(calls, count);
  if (measured) return {};
  return fail(std::move(measured).error().context("hot calls of " + calls.what));
}

void report(const std::vector<HotCalls>& all, Figures& figures) {
  for (const HotCalls& calls : all) {
    const bool reset = calls.after == args::After::kResets;
    const std::string of =
        (reset ? "a clone reset after each, " : "a clone never reset, ") + calls.what;
    figures.add(calls.key + ".call", "call of " + of, "us", calls.call_us);
    figures.add(calls.key + ".handler", "the handler alone, of " + of, "us", calls.handler_us);
    if (reset && !calls.call_us.empty()) report_resets(calls, figures);
  }
}

}  // namespace fw::bench

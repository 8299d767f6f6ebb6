#include "bench/serving/bursts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "bench/functions/install.h"
#include "bench/serving/load.h"

namespace fw::bench {

namespace {

constexpr const char* kEvent = R"({"id":1})";
constexpr const char* kBackgroundEvent = R"({"ms":5,"id":1})";
constexpr std::uint64_t kPatienceNs = 60 * kNsPerSecond;  // beyond the schedule

// Kinds of requests: the background's, then a kind for each burst.
constexpr std::size_t kBackground = 0;

double in_us(std::uint64_t ns) { return static_cast<double>(ns) / kNsPerUs; }

// The schedule of both, in order of time.
class Schedule {
 public:
  Schedule(const BurstPlan& plan, const BurstFunctions& functions)
      : plan_(plan), functions_(functions) {}

  std::optional<Shot> next() {
    const std::uint64_t background_ns = background_ * kNsPerSecond / plan_.per_second;
    const std::uint64_t burst_ns = first_burst_ns() + burst_ * plan_.every_seconds * kNsPerSecond;
    const bool has_background = background_ns < plan_.seconds * kNsPerSecond;
    const bool has_burst = burst_ < functions_.fresh.size();
    if (has_burst && (!has_background || burst_ns <= background_ns)) {
      Shot shot{burst_ns, "/invoke/" + functions_.fresh[burst_], kEvent, 1 + burst_};
      if (++call_ == plan_.calls) {
        call_ = 0;
        ++burst_;
      }
      return shot;
    }
    if (!has_background) return std::nullopt;
    ++background_;
    return Shot{background_ns, "/invoke/" + functions_.background, kBackgroundEvent, kBackground};
  }

  std::uint64_t first_burst_ns() const { return plan_.quiet_seconds * kNsPerSecond; }

 private:
  const BurstPlan& plan_;
  const BurstFunctions& functions_;
  std::size_t background_ = 0;  // requests of it so far
  std::size_t burst_ = 0;
  std::size_t call_ = 0;  // of the burst
};

// Latencies, and how many were not answered by 200.
struct Tally {
  std::vector<double> us;
  std::size_t failures = 0;

  double last() const { return us.empty() ? 0 : *std::max_element(us.begin(), us.end()); }
};

class Tallies {
 public:
  Tally& of(std::size_t kind) { return tallies_[kind]; }
  void add(std::size_t kind, const Hit& hit) {
    Tally& tally = tallies_[kind];
    tally.us.push_back(in_us(hit.latency_ns));
    if (hit.status == 200) return;
    ++tally.failures;
    if (!first_failure_.empty()) return;
    first_failure_ = hit.shot->target + ": ";
    first_failure_ += hit.status == 0 ? std::string(hit.failure)
                                      : "status " + std::to_string(hit.status) + " " +
                                            std::string(hit.body.substr(0, 300));
  }
  const std::string& first_failure() const { return first_failure_; }

 private:
  std::map<std::size_t, Tally> tallies_;
  std::string first_failure_;
};

// So many at once, and nothing else.
Status run_crowd(std::uint16_t port, const BurstPlan& plan, const BurstFunctions& functions,
                 Tallies& tallies) {
  std::size_t sent = 0;
  LoadOptions options;
  options.port = port;
  options.connections = plan.crowd;
  options.limit_ns = kPatienceNs;
  return run_load(
      options,
      [&]() -> std::optional<Shot> {
        if (sent++ == plan.crowd) return std::nullopt;
        return Shot{0, "/invoke/" + functions.crowd, kEvent, 0};
      },
      [&](const Hit& hit) { tallies.add(0, hit); });
}

void report_bursts(const BurstPlan& plan, Tallies& tallies, Figures& figures) {
  std::vector<double> answers;
  std::vector<double> last_answers;
  std::size_t failures = 0;
  for (std::size_t burst = 0; burst < plan.bursts(); ++burst) {
    const Tally& tally = tallies.of(2 + burst);
    answers.insert(answers.end(), tally.us.begin(), tally.us.end());
    last_answers.push_back(tally.last());
    failures += tally.failures;
  }
  figures.add("bursts.answer",
              "one of " + std::to_string(plan.calls) +
                  " simultaneous calls to a function never called before",
              "us", std::move(answers));
  figures.add("bursts.last_answer", "the last answer of such a burst", "us",
              std::move(last_answers));
  figures.add("bursts.failures", "calls of bursts that failed", "", static_cast<double>(failures));
}

void report_background(Tallies& tallies, Figures& figures) {
  for (const auto& [kind, name] :
       {std::pair{std::size_t{0}, "before"}, {std::size_t{1}, "during"}}) {
    const std::string when = std::string(name) + " the bursts";
    figures.add(std::string("background.") + name, "call of a function that waits 5 ms, " + when,
                "us", tallies.of(kind).us);
    figures.add(std::string("background.") + name + "_p99", "99 % of these within, " + when, "us",
                summarise(tallies.of(kind).us).p99);
  }
  figures.add("background.failures", "calls of the background that failed", "",
              static_cast<double>(tallies.of(0).failures + tallies.of(1).failures));
}

}  // namespace

std::size_t BurstPlan::bursts() const {
  return seconds <= quiet_seconds ? 0 : (seconds - quiet_seconds) / every_seconds;
}

Result<BurstFunctions> install_for_bursts(const store::Home& home, const BurstPlan& plan,
                                          const std::filesystem::path& folder) {
  BurstFunctions functions{"bench_io", {}, "bench_crowd"};
  constexpr const char* kJavaScript = "examples/nop/handler.js";
  constexpr const char* kPython = "examples/nop_python/handler.py";
  FW_TRY(
      install_embedded(home, "bench/serving/functions/io.js", folder / "io", functions.background));
  FW_TRY(install_embedded(home, kJavaScript, folder / "nop", functions.crowd));
  for (std::size_t i = 0; i < plan.bursts(); ++i) {
    functions.fresh.push_back("bench_burst_" + std::to_string(i));
    FW_TRY(install_embedded(home, i % 2 == 0 ? kJavaScript : kPython,
                            folder / (i % 2 == 0 ? "nop" : "nop_python"), functions.fresh.back()));
  }
  return functions;
}

Result<std::string> run_bursts(std::uint16_t port, const BurstPlan& plan,
                               const BurstFunctions& functions, Figures& figures) {
  Schedule schedule(plan, functions);
  Tallies tallies;  // 0: the background before the first burst, 1: since; 2...: bursts
  LoadOptions options;
  options.port = port;
  options.connections = plan.calls + 64;
  options.limit_ns = plan.seconds * kNsPerSecond + kPatienceNs;
  FW_TRY(run_load(
      options, [&] { return schedule.next(); },
      [&](const Hit& hit) {
        const bool since = hit.shot->at_ns >= schedule.first_burst_ns();
        tallies.add(hit.shot->kind == kBackground ? (since ? 1 : 0) : 1 + hit.shot->kind, hit);
      }));
  report_background(tallies, figures);
  report_bursts(plan, tallies, figures);

  Tallies crowd;
  FW_TRY(run_crowd(port, plan, functions, crowd));
  figures.add("crowd.answer",
              "one of " + std::to_string(plan.crowd) +
                  " simultaneous calls to a function never called before",
              "us", crowd.of(0).us);
  figures.add("crowd.last_answer", "the last of them", "us", crowd.of(0).last());
  figures.add("crowd.failures", "of them failed", "", static_cast<double>(crowd.of(0).failures));
  return tallies.first_failure().empty() ? crowd.first_failure() : tallies.first_failure();
}

}  // namespace fw::bench

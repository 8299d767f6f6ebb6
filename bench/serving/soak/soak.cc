#include "bench/serving/soak/soak.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "bench/serving/soak/daemon_state.h"
#include "bench/serving/soak/killer.h"

namespace fw::bench {

namespace {

constexpr std::size_t kConnections = 16;
constexpr std::size_t kLeastWarmUp = 300;
constexpr std::uint64_t kIdleNs = 30 * kNsPerSecond;
// No honest machine is so slow; what hangs is to be found out.
constexpr std::uint64_t kMostNsForOne = 20 * kNsPerMs;
constexpr std::uint64_t kMostNsBesides = 60 * kNsPerSecond;

struct Tally {
  std::vector<std::size_t> by_kind;
  std::size_t done = 0;
  std::size_t wrong = 0;
  std::size_t failed_by_kill = 0;
  std::string first_wrong;
  std::size_t most_processes = 0;
  std::size_t most_descriptors = 0;
  std::uint64_t most_private_bytes = 0;
};

class Run {
 public:
  Run(Mix& mix, Service& daemon) : mix_(mix), daemon_(daemon), killer_(daemon.pid()) {}

  Result<Tally> ask(std::size_t count) {
    Tally tally;
    tally.by_kind.resize(mix_.kinds());
    std::size_t sent = 0;
    LoadOptions options;
    options.port = daemon_.port();
    options.connections = kConnections;
    options.limit_ns = kMostNsBesides + count * kMostNsForOne;
    options.tick = [&]() -> Status {
      FW_TRY(daemon_.check());
      FW_TRY(killer_.kill_one());
      return look(tally);
    };
    FW_TRY(run_load(
        options,
        [&]() -> std::optional<Shot> {
          if (sent++ == count) return std::nullopt;
          return mix_.next();
        },
        [&](const Hit& hit) { note(hit, tally); }));
    return tally;
  }

  std::size_t killed() const { return killer_.killed(); }

 private:
  Status look(Tally& tally) {
    FW_TRY_ASSIGN(const DaemonState state, look_at(daemon_.pid()));
    tally.most_processes = std::max(tally.most_processes, state.held.processes);
    tally.most_descriptors = std::max(tally.most_descriptors, state.held.descriptors);
    tally.most_private_bytes = std::max(tally.most_private_bytes, state.private_bytes);
    return {};
  }

  void note(const Hit& hit, Tally& tally) {
    ++tally.done;
    ++tally.by_kind[hit.shot->kind];
    const Verdict verdict = mix_.judge(hit);
    if (verdict == Verdict::kRight) return;
    if (verdict == Verdict::kKilled) {
      ++tally.failed_by_kill;
      return;
    }
    if (tally.wrong++ > 0) return;
    tally.first_wrong = mix_.what(hit.shot->kind) + ", asked " + hit.shot->body + ": ";
    tally.first_wrong += hit.status == 0 ? std::string(hit.failure)
                                         : "status " + std::to_string(hit.status) + ", " +
                                               std::string(hit.body.substr(0, 300));
  }

  Mix& mix_;
  Service& daemon_;
  Killer killer_;
};

double growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

void report_leaks(const DaemonState& before, const DaemonState& after, Figures& figures) {
  figures.add("soak.leaked_descriptors", "descriptors that the daemon holds more than before", "",
              growth(before.held.descriptors, after.held.descriptors));
  figures.add("soak.leaked_processes", "processes, templates included, more than before", "",
              growth(before.held.processes, after.held.processes));
  figures.add("soak.leaked_shared_memory", "shared memory of the daemon's, more than before",
              "bytes", growth(before.held.shared_memory, after.held.shared_memory));
  figures.add("soak.shared_memory_growth", "shared memory of the whole system, more than before",
              "bytes", growth(before.shared_bytes, after.shared_bytes));
  figures.add("soak.memory_growth", "memory of the daemon's own, more than before", "bytes",
              growth(before.private_bytes, after.private_bytes));
}

}  // namespace

Result<std::string> soak(Mix& mix, Service& daemon, std::size_t workers, std::size_t count,
                         Figures& figures) {
  FW_TRY(mix.learn(daemon.port()));
  Run run(mix, daemon);
  // What the daemon keeps for itself exists after these.
  FW_TRY(run.ask(std::max(kLeastWarmUp, count / 100)));
  FW_TRY_ASSIGN(const DaemonState before, look_when_idle(daemon.pid(), workers, kIdleNs));
  const std::size_t killed_before = run.killed();

  const std::uint64_t started = monotonic_ns();
  FW_TRY_ASSIGN(const Tally tally, run.ask(count));
  const double seconds = static_cast<double>(monotonic_ns() - started) / kNsPerSecond;
  FW_TRY_ASSIGN(const DaemonState after, look_when_settled(daemon.pid(), workers, before, kIdleNs));

  const auto add = [&](const char* name, const char* what, const char* unit, auto value) {
    figures.add(std::string("soak.") + name, what, unit, static_cast<double>(value));
  };
  add("invocations", "invocations of five functions, faults injected", "", tally.done);
  add("per_second", "invocations in a second, 16 connections", "per second",
      static_cast<double>(tally.done) / seconds);
  add("wrong", "answers that were not what they should be", "", tally.wrong);
  add("killed", "clones killed meanwhile", "", run.killed() - killed_before);
  add("failed_by_kill", "invocations that failed because of it", "", tally.failed_by_kill);
  for (std::size_t kind = 0; kind < tally.by_kind.size(); ++kind) {
    figures.add("soak.asked." + mix.key(kind), "of these: " + mix.what(kind), "",
                static_cast<double>(tally.by_kind[kind]));
  }
  add("most_processes", "processes of the daemon, at most", "", tally.most_processes);
  add("most_descriptors", "descriptors of the daemon, at most", "", tally.most_descriptors);
  add("most_memory", "memory of the daemon's own, at most", "bytes", tally.most_private_bytes);
  report_leaks(before, after, figures);
  return tally.first_wrong;
}

}  // namespace fw::bench

#include "bench/serving/suite.h"

#include <optional>
#include <utility>
#include <vector>

#include "bench/cpu.h"
#include "bench/endurance/leftovers.h"
#include "bench/floor/floor.h"
#include "bench/functions/examples.h"
#include "bench/interrupt.h"
#include "bench/programs.h"
#include "bench/rounds.h"
#include "bench/scratch.h"
#include "bench/serving/counts.h"
#include "bench/serving/daemon.h"
#include "bench/serving/fork_boots.h"
#include "bench/serving/hot_calls.h"
#include "bench/serving/http/http_contest.h"
#include "bench/serving/load.h"
#include "store/home.h"

namespace fw::bench {

namespace {

// The helper's samples of one kind.
struct FloorSamples {
  const char* kind;  // as floor_main.cc knows it
  std::vector<double> us{};

  Status measure(const std::filesystem::path& helper, std::size_t count) {
    FW_TRY_ASSIGN(const std::vector<double> more, measure_floor(helper, kind, count));
    us.insert(us.end(), more.begin(), more.end());
    return {};
  }
};

class Run {
 public:
  Run(const ServingOptions& options, Programs programs, Cpus cpus, Scratch scratch)
      : counts_(options.quick ? kQuickServing : kFullServing),
        programs_(std::move(programs)),
        cpus_(cpus),
        scratch_(std::move(scratch)),
        home_(scratch_.path() / "home"),
        quick_(options.quick),
        report_(begin_report(kServingSuite, options.quick, scratch_.path())) {
    if (options.burst_seconds != 0) bursts_.seconds = options.burst_seconds;
  }

  Status install() {
    Figures of_installs;  // the suite of restores has them
    FW_TRY_ASSIGN(subjects_, install_examples(home_, scratch_.path() / "examples", 1, of_installs));
    FW_TRY_ASSIGN(functions_, install_for_bursts(home_, bursts_, scratch_.path() / "functions"));
    return {};
  }

  // Forks and resets, on one CPU.
  Status measure_on_one_cpu() {
    FW_TRY(cpus_.pin());
    warm_memory();
    FW_TRY_ASSIGN(std::vector<ForkBoots> boots,
                  make_fork_boots(subjects_, programs_.restorer, counts_.warm_up));
    std::vector<HotCalls> hot = make_hot_calls(boots);
    FloorSamples fork{"fork"};
    FloorSamples handoff{"handoff"};
    std::vector<Lane> lanes;
    lanes.push_back(
        {counts_.floor, [&](std::size_t n) { return fork.measure(programs_.floor, n); }});
    lanes.push_back(
        {counts_.handoffs, [&](std::size_t n) { return handoff.measure(programs_.floor, n); }});
    for (ForkBoots& one : boots) {
      lanes.push_back({counts_.boots, [&](std::size_t n) { return measure(one, n); }});
    }
    for (HotCalls& one : hot) {
      lanes.push_back({counts_.hot, [&](std::size_t n) { return measure(one, n); }});
    }
    FW_TRY(run_rounds(lanes, counts_.rounds));
    report_.figures.add("serving.floor.fork", "fork + exit + wait of a tiny static process", "us",
                        fork.us);
    report_.figures.add("serving.floor.handoff",
                        "there and back between two processes on one CPU, by futex", "us",
                        handoff.us);
    report(boots, report_.figures);
    report(hot, report_.figures);
    return cpus_.unpin();
  }

  Status start_serving() {
    FW_TRY_ASSIGN(daemon_, start_daemon(programs_.fwrun, home_));
    return {};
  }

  Status measure_http() {
    FW_TRY_ASSIGN(HttpContest contest,
                  prepare_http_contest(subjects_, daemon_->port(), scratch_.path(), !quick_,
                                       report_.unavailable));
    FW_TRY(warm_up(contest));
    std::vector<Lane> lanes;
    for (HttpContender& one : contest.contenders) {
      const std::size_t count = one.compared ? counts_.http_rounds : counts_.http_others;
      lanes.push_back({count, [&](std::size_t n) { return measure(contest, one, n); }});
    }
    FW_TRY(run_rounds(lanes, counts_.http_rounds));
    report(contest, report_.figures);
    report_.notes.insert(report_.notes.end(), contest.notes.begin(), contest.notes.end());
    return daemon_->check();
  }

  Status measure_bursts() {
    FW_TRY(ask_once(daemon_->port(), "/invoke/" + functions_.background, R"({"ms":1,"id":1})"));
    FW_TRY_ASSIGN(const std::string failure,
                  run_bursts(daemon_->port(), bursts_, functions_, report_.figures));
    if (!failure.empty()) report_.notes.push_back("the first failure of a burst: " + failure);
    return daemon_->stop();
  }

  Report conclude() && {
    report_.notes.emplace_back(
        "fork boots and hot calls: template, clones and requester on one CPU, asked through "
        "slots; everything in turn, in rounds");
    report_.notes.emplace_back(
        "HTTP: wrk with one thread and 16 connections beside each server, a second each in turn, "
        "on all CPUs; fwrun resets after every request");
    report_.notes.push_back("bursts: " + std::to_string(bursts_.bursts()) + " in " +
                            std::to_string(bursts_.seconds) +
                            " s; latencies from the time that a request was due");
    report_.bounds = serving_bounds(report_.figures, report_.unavailable);
    return std::move(report_);
  }

 private:
  const ServingCounts& counts_;
  Programs programs_;
  Cpus cpus_;
  Scratch scratch_;
  store::Home home_;
  bool quick_;
  Report report_;
  BurstPlan bursts_ = counts_.bursts;
  std::vector<Subject> subjects_;
  BurstFunctions functions_;
  std::optional<Service> daemon_;
};

}  // namespace

Result<Report> run_serving_suite(const ServingOptions& options, const Progress& progress) {
  catch_interrupts();
  FW_TRY(adopt_orphans());
  FW_TRY_ASSIGN(Programs programs, find_programs());
  FW_TRY_ASSIGN(const Cpus cpus, Cpus::allowed());
  FW_TRY_ASSIGN(Scratch scratch, Scratch::create(options.folder));
  Run run(options, std::move(programs), cpus, std::move(scratch));
  progress("installing the functions to be served");
  FW_TRY(run.install());
  progress("forking and resetting, in rounds");
  FW_TRY(run.measure_on_one_cpu());
  progress("serving over HTTP, in rounds");
  FW_TRY(run.start_serving());
  FW_TRY(run.measure_http());
  progress("serving bursts");
  FW_TRY(run.measure_bursts());
  return std::move(run).conclude();
}

}  // namespace fw::bench

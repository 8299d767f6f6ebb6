#include "bench/suite.h"

#include <optional>
#include <utility>

#include "bench/commands/command_line.h"
#include "bench/counts.h"
#include "bench/cpu.h"
#include "bench/endurance/endurance.h"
#include "bench/endurance/leftovers.h"
#include "bench/floor/floor.h"
#include "bench/functions/examples.h"
#include "bench/functions/subject.h"
#include "bench/interrupt.h"
#include "bench/live/live_calls.h"
#include "bench/peers/contest.h"
#include "bench/peers/criu.h"
#include "bench/private_view.h"
#include "bench/programs.h"
#include "bench/restores/forms.h"
#include "bench/rounds.h"
#include "bench/scratch.h"
#include "store/home.h"

namespace fw::bench {

namespace {

const Counts& counts_for(const SuiteOptions& options) {
  if (options.quick) return kQuickCounts;
  return options.functions.empty() ? kFullCounts : kFunctionCounts;
}

// Of each function in the store's form, then in the cache's, and again.
std::vector<Target> targets_in_turn(const std::vector<Form>& forms) {
  std::vector<Target> targets;
  for (const char* kind : {".store", ".cache"}) {
    for (const Form& form : forms) {
      if (form.key.ends_with(kind)) targets.push_back(form.target);
    }
  }
  return targets;
}

// One run of the suite. Members are destroyed in the order that matters: the cache
// is unmounted before the folder it lies in is deleted.
class Run {
 public:
  Run(const SuiteOptions& options, Programs programs, Cpus cpus, Scratch scratch, store::Home home)
      : options_(options),
        counts_(counts_for(options)),
        programs_(std::move(programs)),
        cpus_(cpus),
        scratch_(std::move(scratch)),
        home_(std::move(home)),
        floor_{programs_.floor} {
    report_ = begin_report(on_examples() ? kRestoreSuite : kFunctionsSuite, options.quick,
                           on_examples() ? scratch_.path() : home_.root());
  }

  bool on_examples() const { return options_.functions.empty(); }
  std::size_t endured() const { return counts_.endured; }

  Status get_functions() {
    if (on_examples()) {
      FW_TRY_ASSIGN(subjects_, install_examples(home_, scratch_.path() / "examples",
                                                counts_.installs, report_.figures));
    } else {
      FW_TRY_ASSIGN(subjects_, open_functions(home_, options_.functions, report_.figures));
    }
    for (const Subject& subject : subjects_) FW_TRY(report_image(subject, report_.figures));
    return {};
  }

  Status prepare() {
    FW_TRY(cpus_.pin());
    FW_TRY_ASSIGN(contest_, prepare_contest(subjects_, programs_.host, scratch_.path(), cpus_,
                                            report_.unavailable));
    FW_TRY_ASSIGN(forms_, make_forms(subjects_, programs_.restorer, scratch_.path() / "cache",
                                     report_.unavailable));
    commands_ = make_commands(subjects_, home_, programs_.fwrun);
    live_ = make_live_calls(forms_.all);
    return {};
  }

  Status warm_up() {
    warm_memory();
    for (const Form& form : forms_.all) FW_TRY(bench::warm_up(form, counts_.warm_up));
    for (CommandLine& command : commands_) {
      FW_TRY(measure(command, 2));
      command.samples_us.clear();
    }
    return {};
  }

  Status measure_in_rounds() {
    std::vector<Lane> lanes;
    lanes.push_back({counts_.floor, [this](std::size_t n) { return floor_.measure_fork(n); }});
    lanes.push_back({counts_.floor / 2, [this](std::size_t n) { return floor_.measure_exec(n); }});
    for (Form& form : forms_.all) {
      lanes.push_back({counts_.restores, [&](std::size_t n) { return measure(form, n); }});
    }
    for (CommandLine& command : commands_) {
      lanes.push_back({counts_.commands, [&](std::size_t n) { return measure(command, n); }});
    }
    for (Contender& one : contest_.contenders) {
      lanes.push_back({one.slow ? counts_.cold / 2 : counts_.cold,
                       [&](std::size_t n) { return measure(one, n, cpus_); }});
    }
    for (LiveCalls& live : live_) {
      lanes.push_back({counts_.live, [&](std::size_t n) { return measure(live, n); }});
    }
    FW_TRY(run_rounds(lanes, counts_.rounds));

    floor_.report(report_.figures);
    for (const Form& form : forms_.all) form.samples.report(form.key, form.what, report_.figures);
    report(commands_, report_.figures);
    report(contest_, report_.figures);
    report(live_, report_.figures, report_.unavailable);
    for (const LiveCalls& live : live_) {
      // Functions of a user's need not be able to serve twice.
      if (on_examples() && !live.failure.empty()) {
        return fail(Errc::kFunction, live.what + ", many calls in a process: " + live.failure);
      }
    }
    return report_mappings(forms_.all, counts_.mappings, report_.figures);
  }

  // Whoever measures next may use all CPUs.
  Status release() { return cpus_.unpin(); }

  Status endure() {
    const std::vector<Target> targets = targets_in_turn(forms_.all);
    const auto restore = [&](std::size_t number) -> Status {
      FW_TRY(restore_once(targets[number % targets.size()]));
      return {};
    };
    const std::filesystem::path cache = forms_.cache ? forms_.cache->path() : "";
    FW_TRY_ASSIGN(const std::string failure,
                  bench::endure(restore, counts_.endured, cache, report_.figures));
    if (!failure.empty()) report_.notes.push_back("the first restore that failed: " + failure);
    return {};
  }

  Report conclude(const Status& own_view) && {
    describe_method(own_view);
    for (const Subject& subject : subjects_) {
      report_jit(subject, report_.figures);
      if (subject.jit->first_loss.empty()) continue;
      report_.notes.push_back("the first call of " + subject.what +
                              " without all of its compiled code: " + subject.jit->first_loss);
    }
    if (on_examples()) cite_criu(report_.figures);
    report_.bounds = restore_bounds(report_.figures, report_.unavailable);
    // Those of the examples say nothing about other functions.
    if (!on_examples()) {
      std::erase_if(report_.bounds, [](const Bound& bound) { return !bound.value; });
    }
    return std::move(report_);
  }

 private:
  void describe_method(const Status& own_view) {
    report_.notes.push_back("requester, clones and floor on one CPU, number " +
                            std::to_string(cpus_.pinned()) +
                            "; page cache warm; everything measured in turn, in rounds");
    report_.notes.emplace_back(
        "restore: from the arguments put, before the process is started, until the answer is "
        "read; its end is not included");
    report_.notes.emplace_back(
        "cold process: from its start until its answer is read, with nothing but PATH in its "
        "environment");
    for (const std::string& note : contest_.notes) report_.notes.push_back(note);
    if (on_examples()) {
      report_.notes.push_back(
          "CRIU is cited, not measured: version 4.2 took 66 to 100 ms for a Numba process, "
          "earlier, "
          "on a machine of this kind. " +
          describe_criu());
    }
    if (!own_view) {
      report_.notes.push_back("shared memory left behind may be others': " +
                              own_view.error().message());
    }
  }

  const SuiteOptions& options_;
  const Counts& counts_;
  Programs programs_;
  Cpus cpus_;
  Scratch scratch_;
  store::Home home_;
  Report report_;
  std::vector<Subject> subjects_;
  Floor floor_;
  Contest contest_;
  Forms forms_;
  std::vector<CommandLine> commands_;
  std::vector<LiveCalls> live_;
};

Result<Run> begin(const SuiteOptions& options) {
  FW_TRY(adopt_orphans());
  FW_TRY_ASSIGN(Programs programs, find_programs());
  FW_TRY_ASSIGN(const Cpus cpus, Cpus::allowed());
  FW_TRY_ASSIGN(Scratch scratch, Scratch::create(options.folder));
  store::Home home(scratch.path() / "home");
  if (!options.functions.empty()) {
    FW_TRY_ASSIGN(home, store::Home::from_environment());
  }
  return Run(options, std::move(programs), cpus, std::move(scratch), std::move(home));
}

}  // namespace

Result<Report> run_suite(const SuiteOptions& options, const Progress& progress) {
  catch_interrupts();
  const Status own_view = enter_private_view();
  FW_TRY_ASSIGN(Run run, begin(options));
  progress(run.on_examples() ? "installing the examples" : "opening the functions");
  FW_TRY(run.get_functions());
  progress("preparing peers and the cache");
  FW_TRY(run.prepare());
  progress("warming up");
  FW_TRY(run.warm_up());
  progress("measuring in rounds");
  FW_TRY(run.measure_in_rounds());
  progress("restoring " + std::to_string(run.endured()) + " times in a row");
  FW_TRY(run.endure());
  FW_TRY(run.release());
  return std::move(run).conclude(own_view);
}

}  // namespace fw::bench

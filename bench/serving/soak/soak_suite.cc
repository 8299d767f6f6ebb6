#include "bench/bounds.h"
#include "bench/cpu.h"
#include "bench/endurance/leftovers.h"
#include "bench/interrupt.h"
#include "bench/programs.h"
#include "bench/scratch.h"
#include "bench/serving/daemon.h"
#include "bench/serving/soak/soak.h"
#include "bench/serving/suite.h"
#include "bench/text.h"
#include "store/home.h"

namespace fw::bench {

namespace {

constexpr std::size_t kFullSoak = 1'000'000;
constexpr std::size_t kQuickSoak = 3'000;

}  // namespace

Result<Report> run_soak_suite(const SoakOptions& options, const Progress& progress) {
  catch_interrupts();
  FW_TRY(adopt_orphans());
  FW_TRY_ASSIGN(const Programs programs, find_programs());
  FW_TRY_ASSIGN(const Cpus cpus, Cpus::allowed());
  FW_TRY_ASSIGN(const Scratch scratch, Scratch::create(options.folder));
  Report report = begin_report(kSoakSuite, options.quick, scratch.path());
  std::size_t count = options.quick ? kQuickSoak : kFullSoak;
  if (options.invocations != 0) count = options.invocations;

  progress("installing five functions");
  const store::Home home(scratch.path() / "home");
  FW_TRY(Mix::install(home, scratch.path() / "functions"));
  Mix mix;
  FW_TRY_ASSIGN(Service daemon, start_daemon(programs.fwrun, home));
  progress("invoking " + grouped(count) + " times");
  const auto workers = static_cast<std::size_t>(cpus.count());
  FW_TRY_ASSIGN(const std::string wrong, soak(mix, daemon, workers, count, report.figures));
  if (!wrong.empty()) report.notes.push_back("the first wrong answer: " + wrong);
  report.notes.emplace_back(
      "soak: about ten clones killed each second, at random; every answer "
      "compared with the first of its kind; idle clones and templates end within two seconds");
  FW_TRY(daemon.stop());
  report.bounds = soak_bounds(report.figures, report.unavailable);
  return report;
}

}  // namespace fw::bench

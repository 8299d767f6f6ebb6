#include "bench/functions/examples.h"

#include <array>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "bench/embedded_files.h"
#include "bench/functions/install.h"
#include "bench/interrupt.h"

namespace fw::bench {

namespace {

struct Example {
  std::string_view name;  // folder in examples/, and key
  std::string_view file;
  const char* what;
};
// The languages take turns, also in the restores in a row.
constexpr std::array<Example, 5> kExamples{{{"nop", "handler.js", "NOP"},
                                            {"nop_python", "handler.py", "Python NOP"},
                                            {"cpu", "handler.js", "CPU example"},
                                            {"montecarlo", "handler.py", "Monte Carlo"},
                                            {"words", "handler.py", "words"}}};

Status write_example(const Example& example, const std::filesystem::path& folder) {
  const std::string prefix = "examples/" + std::string(example.name) + "/";
  std::filesystem::create_directories(folder);
  for (const std::string_view name : embedded_file_names()) {
    if (!name.starts_with(prefix)) continue;
    FW_TRY(write_file_atomically(folder / name.substr(prefix.size()), embedded_file(name)));
  }
  return {};
}

Result<Subject> measure_install(const store::Home& home, const Example& example,
                                const std::filesystem::path& folder, std::size_t times,
                                Figures& figures) {
  FW_TRY(write_example(example, folder));
  store::InstallRequest request;
  request.source = folder / example.file;
  request.name = example.name;
  std::vector<double> install_us;
  std::vector<double> first_us;
  std::vector<double> steady_us;
  std::vector<double> mappings;
  for (std::size_t i = 0; i < times; ++i) {
    FW_TRY(check_interrupt());
    const std::uint64_t started = monotonic_ns();
    FW_TRY_ASSIGN(const store::Installed installed, install_function(home, request));
    install_us.push_back(static_cast<double>(monotonic_ns() - started) / kNsPerUs);
    FW_TRY_ASSIGN(const embed::Report report, embed::report_from_json(installed.report.dump()));
    first_us.push_back(static_cast<double>(report.training.first_call_us));
    steady_us.push_back(static_cast<double>(report.training.steady_call_us));
    mappings.push_back(static_cast<double>(report.snapshot.mappings));
  }
  const std::string key(example.name);
  const std::string what = example.what;
  figures.add(key + ".install", "install, " + what, "us", std::move(install_us));
  figures.add(key + ".first_call_unoptimised", "very first call, nothing optimised, " + what, "us",
              std::move(first_us));
  figures.add(key + ".steady_call", "steady call, optimised, in training, " + what, "us",
              std::move(steady_us));
  figures.add(key + ".image_mappings", "mappings that a restore makes, " + what, "",
              std::move(mappings));
  return open_subject(home, request.name, key, what);
}

}  // namespace

Result<std::vector<Subject>> install_examples(const store::Home& home,
                                              const std::filesystem::path& folder,
                                              std::size_t times, Figures& figures) {
  std::vector<Subject> subjects;
  for (const Example& example : kExamples) {
    FW_TRY_ASSIGN(Subject subject,
                  measure_install(home, example, folder / example.name, times, figures));
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

}  // namespace fw::bench

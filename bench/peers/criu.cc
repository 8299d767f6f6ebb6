#include "bench/peers/criu.h"

#include <algorithm>
#include <system_error>

#include "bench/program.h"

namespace fw::bench {

namespace {

constexpr const char* kProgram = "/usr/sbin/criu";
// 66 to 100 ms were measured: CRIU is cited at its best.
constexpr double kCitedUs = 66'000;

// "Version: 3.17.1\nGitID: ..."
std::string version_in(std::string_view text) {
  constexpr std::string_view kLabel = "Version: ";
  const std::size_t at = text.find(kLabel);
  if (at == std::string_view::npos) return "of unknown version";
  text.remove_prefix(at + kLabel.size());
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

void cite_criu(Figures& figures) {
  figures.add({"cited.criu_numba",
               "CRIU 4.2, restore of a Numba process: cited, not measured",
               "us",
               kCitedUs,
               {0, kCitedUs, kCitedUs},
               {}});
}

std::string criu_complaint(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with("Error (")) continue;
    const std::size_t end_of_place = line.find("): ");
    if (end_of_place == std::string_view::npos) continue;
    line.remove_prefix(end_of_place + 3);
    if (!line.starts_with("exited, status=")) return std::string(line);
  }
  return {};
}

std::string describe_criu(const std::filesystem::path& program) {
  std::error_code error;
  if (!std::filesystem::exists(program, error)) {
    return "CRIU is not installed here, so nothing of it was tried";
  }
  const Result<Finished> told = run({program, {"--version"}});
  const std::string name = "CRIU " + version_in(told ? told->output : told.error().message());
  const Result<Finished> checked = run({program, {"check"}});
  if (checked) return name + " is installed here, and was not measured";
  const std::string complaint = criu_complaint(checked.error().message());
  return name + ", installed here, does not run on this kernel (" +
         (complaint.empty() ? checked.error().message() : complaint) + ")";
}

std::string describe_criu() { return describe_criu(kProgram); }

}  // namespace fw::bench

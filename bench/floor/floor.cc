#include "bench/floor/floor.h"

#include <charconv>

#include "base/clock.h"
#include "bench/program.h"

namespace fw::bench {

namespace {

Status append(const std::filesystem::path& helper, const char* what, std::size_t count,
              std::vector<double>& into) {
  FW_TRY_ASSIGN(const std::vector<double> samples, measure_floor(helper, what, count));
  into.insert(into.end(), samples.begin(), samples.end());
  return {};
}

}  // namespace

Result<std::vector<double>> measure_floor(const std::filesystem::path& helper,
                                          const std::string& what, std::size_t count) {
  FW_TRY_ASSIGN(const Finished finished, run({helper, {what, std::to_string(count)}}));
  std::vector<double> samples;
  const char* at = finished.output.data();
  const char* const end = at + finished.output.size();
  while (at != end) {
    std::uint64_t ns = 0;
    const auto [after, error] = std::from_chars(at, end, ns);
    if (error != std::errc() || after == end || *after != '\n') break;
    samples.push_back(static_cast<double>(ns) / kNsPerUs);
    at = after + 1;
  }
  if (samples.size() != count || at != end) {
    return fail(Errc::kInternal, helper.string() + " " + what + " printed " +
                                     std::to_string(samples.size()) + " of " +
                                     std::to_string(count) + " samples");
  }
  return samples;
}

Status Floor::measure_fork(std::size_t count) { return append(helper, "fork", count, fork_us); }
Status Floor::measure_exec(std::size_t count) { return append(helper, "exec", count, exec_us); }

void Floor::report(Figures& figures) const {
  figures.add("floor.fork", "fork + exit + wait of a tiny static process", "us", fork_us);
  figures.add("floor.exec", "vfork + exec + exit + wait of it", "us", exec_us);
}

}  // namespace fw::bench

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "gateway/metrics/families.h"
#include "gateway/metrics/sources.h"

namespace fw::gateway::metrics {

namespace {

// Fields of /proc/self/stat from the third (state) on: the second is a name, which may
// hold blanks and parentheses.
std::vector<std::string> stat_fields() {
  const Result<std::string> text = read_file("/proc/self/stat");
  if (!text) return {};
  std::istringstream rest(text->substr(text->rfind(')') + 1));
  return {std::istream_iterator<std::string>(rest), std::istream_iterator<std::string>()};
}

// Number as of proc(5), from 1.
double stat_number(const std::vector<std::string>& fields, std::size_t number) {
  return fields.size() > number - 3 ? std::stod(fields[number - 3]) : 0;
}

double boot_time() {
  const Result<std::string> text = read_file("/proc/stat");
  const std::size_t at = text ? text->find("\nbtime ") : std::string::npos;
  return at == std::string::npos ? 0 : std::stod(text->substr(at + 7));
}

std::size_t open_descriptors() {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
       at.increment(error)) {
    ++count;
  }
  return count > 0 ? count - 1 : 0;  // less the one that lists them
}

}  // namespace

void add_process(Families& families) {
  const auto tell = [&](Family family, double value, Labels labels = {}) {
    family.add(std::move(labels), value);
    family.move_to(families);
  };
  const std::vector<std::string> fields = stat_fields();
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  tell(Family::gauge("process_resident_memory_bytes", "Memory of the daemon, without clones."),
       stat_number(fields, 24) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  tell(Family::gauge("process_virtual_memory_bytes", "Address space of the daemon."),
       stat_number(fields, 23));
  tell(Family::counter("process_cpu_seconds_total", "CPU time of the daemon, without clones."),
       (stat_number(fields, 14) + stat_number(fields, 15)) / ticks);
  tell(Family::gauge("process_start_time_seconds", "When the daemon started, since 1970."),
       boot_time() + stat_number(fields, 22) / ticks);
  tell(Family::gauge("process_open_fds", "Descriptors of the daemon."),
       static_cast<double>(open_descriptors()));
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    tell(Family::gauge("process_max_fds", "Descriptors that it may have."),
         static_cast<double>(files.rlim_cur));
  }
  tell(Family::gauge("fwrun_build_info", "The version of fwrun; the value is 1."), 1,
       {{"version", FWRUN_VERSION}});
}

}  // namespace fw::gateway::metrics

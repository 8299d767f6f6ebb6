#include "store/live_clone.h"

#include <charconv>
#include <string>

#include "base/files.h"

namespace fw::store {

namespace {

// "Anonymous:          1234 kB"; false when there is no such line.
bool add_field(std::string_view rollup, std::string_view name, std::uint64_t& sum) {
  const std::size_t line = rollup.find("\n" + std::string(name) + ":");
  if (line == std::string_view::npos) return false;
  const std::size_t digits = rollup.find_first_of("0123456789", line + name.size() + 2);
  if (digits == std::string_view::npos) return false;
  std::uint64_t kb = 0;
  std::from_chars(rollup.data() + digits, rollup.data() + rollup.size(), kb);
  sum += kb;
  return true;
}

}  // namespace

Result<LiveClone> LiveClone::start(const InvokeRequest& request) {
  Invoked first;
  FW_TRY_ASSIGN(ImageProcess process,
                ImageProcess::start(request, ImageProcess::After::kStays, first));
  return LiveClone(std::move(process), std::move(first), request.timeout_ms);
}

Result<Invoked> LiveClone::invoke(std::string_view arguments) {
  return process_.serve(arguments, timeout_ms_);
}

Result<std::uint64_t> LiveClone::private_kb() const {
  if (!running()) return fail(Errc::kDied, "the process has ended: it has no memory");
  const std::string path = "/proc/" + std::to_string(pid()) + "/smaps_rollup";
  FW_TRY_ASSIGN(const std::string rollup, read_file(path));
  std::uint64_t sum = 0;
  if (!add_field(rollup, "Anonymous", sum) || !add_field(rollup, "Swap", sum)) {
    return fail(Errc::kInternal, path + " tells nothing of anonymous memory");
  }
  return sum;
}

}  // namespace fw::store

#include "bench/machine.h"

#include <linux/magic.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/files.h"

namespace fw::bench {

namespace {

// The file's text, or nothing.
std::string text_of(const char* path) { return read_file(path).value_or(std::string()); }

std::string_view trim(std::string_view text) {
  constexpr std::string_view kAround = " \t\n\"";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

// The value of the first line "name<separator>value".
std::string field(std::string_view text, std::string_view name, char separator) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t end = line.find(separator);
    if (end != std::string_view::npos && trim(line.substr(0, end)) == name) {
      return std::string(trim(line.substr(end + 1)));
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

std::string filesystem_of(const std::filesystem::path& folder) {
  struct statfs status {};
  if (::statfs(folder.c_str(), &status) != 0) return {};
  // BTRFS and XFS announce themselves by numbers that linux/magic.h has not all of.
  constexpr std::array<std::pair<long, const char*>, 5> kNames{
      {{EXT4_SUPER_MAGIC, "ext4"},
       {TMPFS_MAGIC, "tmpfs"},
       {OVERLAYFS_SUPER_MAGIC, "overlayfs"},
       {BTRFS_SUPER_MAGIC, "btrfs"},
       {0x58465342, "xfs"}}};
  for (const auto& [magic, name] : kNames) {
    if (status.f_type == magic) return name;
  }
  return "another file system";
}

}  // namespace

Machine this_machine(const std::filesystem::path& store) {
  Machine machine;
  const std::string cpuinfo = text_of("/proc/cpuinfo");
  machine.cpu = field(cpuinfo, "model name", ':');
  machine.is_virtual =
      (" " + field(cpuinfo, "flags", ':') + " ").find(" hypervisor ") != std::string::npos;
  machine.cores = static_cast<std::uint64_t>(::sysconf(_SC_NPROCESSORS_ONLN));
  machine.memory_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  utsname names{};
  if (::uname(&names) == 0) machine.kernel = names.release;
  machine.os = field(text_of("/etc/os-release"), "PRETTY_NAME", '=');
  machine.filesystem = filesystem_of(store);
  machine.governor = trim(text_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  return machine;
}

nlohmann::ordered_json to_json(const Machine& machine) {
  nlohmann::ordered_json json = {{"cpu", machine.cpu},
                                 {"cores", machine.cores},
                                 {"kernel", machine.kernel},
                                 {"memory_bytes", machine.memory_bytes},
                                 {"os", machine.os},
                                 {"virtual", machine.is_virtual},
                                 {"filesystem", machine.filesystem}};
  if (!machine.governor.empty()) json["governor"] = machine.governor;
  return json;
}

Machine machine_from_json(const nlohmann::ordered_json& json) {
  Machine machine;
  machine.cpu = json.value("cpu", std::string());
  machine.cores = json.value("cores", std::uint64_t{0});
  machine.is_virtual = json.value("virtual", false);
  machine.kernel = json.value("kernel", std::string());
  machine.memory_bytes = json.value("memory_bytes", std::uint64_t{0});
  machine.os = json.value("os", std::string());
  machine.filesystem = json.value("filesystem", std::string());
  machine.governor = json.value("governor", std::string());
  return machine;
}

std::string describe(const Machine& machine) {
  constexpr std::uint64_t kGigabyte = 1'000'000'000;
  std::string text = std::to_string(machine.cores) + " x " + machine.cpu;
  text += ", " + std::to_string((machine.memory_bytes + kGigabyte / 2) / kGigabyte) + " GB";
  if (machine.is_virtual) text += ", virtual machine";
  text += "; " + machine.os + ", Linux " + machine.kernel;
  if (!machine.filesystem.empty()) text += ", store on " + machine.filesystem;
  if (!machine.governor.empty()) text += ", governor " + machine.governor;
  return text;
}

}  // namespace fw::bench

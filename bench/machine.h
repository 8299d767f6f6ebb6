// The machine that figures were measured on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fw::bench {

struct Machine {
  std::string cpu;
  std::uint64_t cores = 0;  // that are online
  bool is_virtual = false;
  std::string kernel;
  std::uint64_t memory_bytes = 0;
  std::string os;
  std::string filesystem;  // of the store that was measured
  std::string governor;    // of CPU frequency; empty where there is none
};

// What cannot be found out stays empty.
Machine this_machine(const std::filesystem::path& store);

nlohmann::ordered_json to_json(const Machine& machine);
Machine machine_from_json(const nlohmann::ordered_json& json);

// One line: "2 x Intel Xeon, 47 GB, virtual machine; Debian 12, Linux 6.1".
std::string describe(const Machine& machine);

}  // namespace fw::bench

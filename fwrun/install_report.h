// The report of an install, for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fw::cli {

// Lines of text; `report` is what report.json holds.
std::string describe_report(const nlohmann::json& report);

// "13.1 MB", in units of 1,000 bytes.
std::string describe_bytes(std::uint64_t bytes);

}  // namespace fw::cli

// The report of an install, for people.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fw::cli {

// Lines of text; `report` is what report.json holds.
std::string describe_report(const nlohmann::json& report);

// "13.1 MB", in units of 1,000 bytes.
std::string describe_bytes(std::uint64_t bytes);

// "12.3 us"
std::string describe_microseconds(double us);

// A line of the report: "label           value".
std::string describe_row(const char* label, const std::string& value);

}  // namespace fw::cli

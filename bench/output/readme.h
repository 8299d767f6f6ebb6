// The measured table in the README, kept between two marks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bench/report.h"

namespace fw::bench {

// Markdown: one table of the examples, one of the bounds, the machine, the date.
std::string readme_tables(const Report& report);

// `document` with `block` between <!-- bench:begin --> and <!-- bench:end -->.
// kBadInput when the marks are missing, doubled or in the wrong order.
Result<std::string> replace_block(std::string_view document, std::string_view block);

Status refresh_readme(const std::filesystem::path& readme, const Report& report);

}  // namespace fw::bench

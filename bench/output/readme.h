// The measured table in the README, kept between two marks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bench/report.h"

namespace fw::bench {

// Markdown: the machine and the date, a table of the examples of each language, one of the
// bounds, and what is to be known of CRIU.
std::string readme_tables(const Report& report);

// `document` with `block` between <!-- bench:begin --> and <!-- bench:end -->.
// kBadInput when the marks are missing, doubled or in the wrong order.
Result<std::string> replace_block(std::string_view document, std::string_view block);

Status refresh_readme(const std::filesystem::path& readme, const Report& report);

}  // namespace fw::bench

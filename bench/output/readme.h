// The measured table in the README, kept between two marks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/report.h"

namespace fw::bench {

// Markdown: the machine and the date, a table of the examples of each language, one of the
// bounds, and what is to be known of CRIU.
std::string readme_tables(const Report& report);

// The part of serving: forks and resets, HTTP, bursts, and the bounds on them.
std::string readme_serving(const Report& report);

// The part of a soak: how much of what, in a sentence, and the bounds.
std::string readme_soak(const Report& report);

// `document` with `block` between <!-- bench:begin --> and <!-- bench:end -->.
// kBadInput when the marks are missing, doubled or in the wrong order.
Result<std::string> replace_block(std::string_view document, std::string_view block);

// Reports of the suites restore, serving and soak, in the order in which they are to stand.
Status refresh_readme(const std::filesystem::path& readme, const std::vector<Report>& reports);

}  // namespace fw::bench

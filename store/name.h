// Names of functions: what is allowed, which one a path suggests, and which
// existing ones a mistyped one may have meant.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

// 1 to 64 of A-Z a-z 0-9 _ -, the first a letter or digit. So a name is a safe
// file name, and can never be "..", hidden, or one of our own in staging/.
bool valid_name(std::string_view name);

// kBadInput with the rule in words.
Status check_name(std::string_view name);

// The name for a function installed from `path` (absolute): of the folder, or of
// the file without its extension; for a file called like every other (handler,
// index, main, app, lambda_function, __main__) that of its folder.
std::string default_name(const std::filesystem::path& path, bool is_folder);

// The candidate nearest to `wanted`, if it is near enough to be a typing error.
std::optional<std::string> nearest_name(std::string_view wanted,
                                        std::span<const std::string> candidates);

}  // namespace fw::store

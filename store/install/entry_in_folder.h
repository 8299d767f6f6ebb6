// What each language finds in a folder, on its own: by a handler's name, and by
// convention. Which language it is to be is decided by find_entry().
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

// A file, and the handler's name within it.
struct Found {
  std::filesystem::path file;
  std::string handler;
};

// "src/app.api.run" is api.run of src/app.js (.mjs, .cjs): as Lambda reads it, the
// name of the file ends at the first dot of the last path component.
std::optional<Found> javascript_by_handler(const std::filesystem::path& folder,
                                           std::string_view handler);

// "src/app.main" is main of src/app.py; "pkg.app.main" is main of pkg/app.py, or
// app.main of pkg.py, or of pkg/__init__.py: the longest path that is a file.
std::optional<Found> python_by_handler(const std::filesystem::path& folder,
                                       std::string_view handler);

// index.js or handler.js, in each extension.
std::optional<std::filesystem::path> conventional_javascript(const std::filesystem::path& folder);

// `main` of package.json, else the conventional file. kBadInput when package.json
// is broken or names a file that does not exist.
Result<std::optional<std::filesystem::path>> javascript_by_convention(
    const std::filesystem::path& folder);

// handler.py, lambda_function.py, main.py, app.py or __main__.py.
std::optional<std::filesystem::path> python_by_convention(const std::filesystem::path& folder);

}  // namespace fw::store

// The secret by which installs over HTTP are allowed.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace fw::daemon {

// The file's text without the white space around it; empty for no path. kBadInput when it
// is shorter than 16 characters, or readable by others than its owner.
Result<std::string> read_admin_token(const std::filesystem::path& file);

}  // namespace fw::daemon

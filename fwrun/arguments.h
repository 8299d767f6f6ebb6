// The arguments of an invocation, as --args gives them.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace fw::cli {

// `given`: JSON text, "@file", "-" for standard input; nullopt: {}. Returns the
// very bytes, having checked that they are JSON and not too large. kBadInput says
// where they are not.
Result<std::string> read_arguments(const std::optional<std::string>& given);

}  // namespace fw::cli

// The environment of a function's processes: not the installer's, which would
// leak into the image, but PATH, HOME, LANG and TZ of it, and what was asked for.
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace fw::store {

using Environment = std::map<std::string, std::string>;

// `asked` wins over what is taken from this process. kBadInput when a name in it
// is not one ([A-Za-z_][A-Za-z0-9_]*) or a value holds a zero byte.
Result<Environment> function_environment(const Environment& asked);

}  // namespace fw::store

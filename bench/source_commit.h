// Which source was measured.
#pragma once

#include <string>

namespace fw::bench {

// As `git describe` tells it in the current folder: "1a2b3c4d5e6f", with "-dirty"
// after it when files differ from it. Empty when there is no repository or no git.
std::string source_commit();

}  // namespace fw::bench

// Apart from the rest: fwrun itself needs this much only.
#include <algorithm>
#include <string_view>

#include "fwrun/daemon/options.h"

namespace fw::daemon {

bool is_for_daemon(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view word) {
    return word == "--serve" || word.starts_with("--serve=") || word == "--openwhisk" ||
           word.starts_with("--openwhisk=");
  });
}

}  // namespace fw::daemon

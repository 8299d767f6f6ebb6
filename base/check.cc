#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace fw {

void check_failed(const char* file, int line, const char* condition, const char* why) {
  std::fprintf(stderr, "fwrun: bug at %s:%d: %s does not hold: %s\n", file, line, condition, why);
  std::abort();
}

}  // namespace fw

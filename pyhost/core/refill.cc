#include "pyhost/core/refill.h"

#include <sys/random.h>
#include <sys/types.h>
#include <cerrno>

namespace fw::pyhost {
namespace {

// More than 256 bytes may come in parts when a signal arrives.
int fill(std::uint8_t* at, std::uint64_t size) {
  while (size != 0) {
    const ssize_t got = getrandom(at, size, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    at += got;
    size -= static_cast<std::uint64_t>(got);
  }
  return 0;
}

}  // namespace

extern "C" int fw_refill(const Region* regions, std::size_t count) {
  for (const Region* region = regions; region != regions + count; ++region) {
    auto* const at = reinterpret_cast<std::uint8_t*>(region->address);
    if (region->size == 0) {
      *at |= 1;
    } else if (const int error = fill(at, region->size); error != 0) {
      return error;
    }
  }
  return 0;
}

}  // namespace fw::pyhost

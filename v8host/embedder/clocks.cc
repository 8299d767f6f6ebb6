#include "v8host/embedder/clocks.h"

#include <dlfcn.h>

#include <cstdint>

#include "base/clock.h"

namespace fw::v8host {

namespace {

// node::performance::timeOrigin and node::per_process::node_start_time, both
// nanoseconds of CLOCK_MONOTONIC. Looked up by name rather than linked: a copy
// relocation would give us a variable of our own.
std::uint64_t* time_origin = nullptr;
std::uint64_t* start_time = nullptr;

}  // namespace

bool find_start_instants() {
  time_origin =
      static_cast<std::uint64_t*>(::dlsym(RTLD_DEFAULT, "_ZN4node11performance10timeOriginE"));
  start_time =
      static_cast<std::uint64_t*>(::dlsym(RTLD_DEFAULT, "_ZN4node11per_process15node_start_timeE"));
  return time_origin != nullptr && start_time != nullptr;
}

void renew_start_instants() {
  const std::uint64_t now = monotonic_ns();
  if (time_origin != nullptr) *time_origin = now;
  if (start_time != nullptr) *start_time = now;
}

}  // namespace fw::v8host

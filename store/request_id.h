// Names of invocations.
#pragma once

#include <string>

namespace fw::store {

// A random UUID (version 4), from the kernel's entropy.
std::string new_request_id();

}  // namespace fw::store

// An image without a language in it: of guests/serving_clone.cc, which does what the
// arguments of an invocation say.
#pragma once

#include <filesystem>

namespace fw::testing {

// Captures the guest into the file `image`; fails the test when that is not possible.
void capture_clone(const std::filesystem::path& image);

}  // namespace fw::testing

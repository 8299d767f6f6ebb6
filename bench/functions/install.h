// Installing for a measurement.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/home.h"
#include "store/install/request.h"

namespace fw::bench {

// The error tells what the function's host printed.
Result<store::Installed> install_function(const store::Home& home,
                                          const store::InstallRequest& request);

// Writes a file that is carried inside of this program ("bench/serving/functions/io.js")
// into `folder`, which is made, and installs it under this name.
Status install_embedded(const store::Home& home, std::string_view file,
                        const std::filesystem::path& folder, const std::string& name,
                        std::uint64_t timeout_ms = 3000);

}  // namespace fw::bench

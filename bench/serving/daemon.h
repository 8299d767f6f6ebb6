// The daemon that is measured: `fwrun --serve` on a home of ours.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/serving/http/service.h"
#include "store/home.h"

namespace fw::bench {

// Serves the functions of `home`, on a port of its own, with these options besides.
Result<Service> start_daemon(const std::filesystem::path& fwrun, const store::Home& home,
                             const std::vector<std::string>& options = {});

}  // namespace fw::bench

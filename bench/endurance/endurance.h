// Very many restores in a row: none may fail, and nothing may pile up.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "bench/figure.h"

namespace fw::bench {

// Does restore number n, from 0.
using RestoreNumber = std::function<Status(std::size_t)>;

// `count` restores, after a few that are not counted. Adds endurance.restores,
// .failures, .leaked_descriptors, .leaked_processes, .leaked_shared_memory (what
// count_leftovers() finds more of than before) and .per_second. Returns the first
// failure's message, empty if there is none; gives up after twenty.
Result<std::string> endure(const RestoreNumber& restore, std::size_t count,
                           const std::filesystem::path& cache, Figures& figures);

}  // namespace fw::bench

// CRIU, the published way of restoring a process: what is known of it here. Nothing of
// fwrun needs it, and it is not measured.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "bench/figure.h"

namespace fw::bench {

// cited.criu_numba: how long CRIU 4.2 took at best to restore a process with Numba
// loaded, measured earlier on a machine of this kind. A figure of no samples.
void cite_criu(Figures& figures);

// In a sentence: whether the `criu` at that path runs on this kernel, and what it
// says if it does not.
std::string describe_criu(const std::filesystem::path& program);
std::string describe_criu();  // Debian's

// The first error in what criu wrote that says why: without file and line, and without
// the lines that only tell that a process of its ended. Empty when there is none.
std::string criu_complaint(std::string_view text);

}  // namespace fw::bench

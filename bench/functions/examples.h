// The examples that are measured, installed for the occasion.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/functions/subject.h"
#include "store/home.h"

namespace fw::bench {

// Writes the examples nop and cpu (JavaScript), nop_python, montecarlo and words
// (Python) below `folder` and installs each `times` times into `home`. Their names are
// their keys. Adds for each KEY.install, .first_call_unoptimised, .steady_call and
// .image_mappings, as the installations told them.
Result<std::vector<Subject>> install_examples(const store::Home& home,
                                              const std::filesystem::path& folder,
                                              std::size_t times, Figures& figures);

}  // namespace fw::bench

// The soak: very many invocations of five functions in both languages, with functions that
// fail in every way and clones that are killed at random. Every answer is checked, and
// nothing may pile up.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/serving/http/service.h"
#include "bench/serving/soak/mix.h"

namespace fw::bench {

// `count` invocations of a daemon that serves the mix, after as many again of a hundredth
// of it that are not counted. Adds soak.invocations, .per_second, .wrong, .failed_by_kill,
// .killed, .faults, how many processes, descriptors and bytes the daemon held at most, and
// what it holds more than before once it is idle again: .leaked_descriptors,
// .leaked_processes (templates included), .leaked_shared_memory, .memory_growth. Returns
// the first wrong answer's text, empty if there is none.
Result<std::string> soak(Mix& mix, Service& daemon, std::size_t workers, std::size_t count,
                         Figures& figures);

}  // namespace fw::bench

// A report as text for the terminal: figures, phases side by side, bounds.
#pragma once

#include <string>

#include "bench/report.h"

namespace fw::bench {

std::string draw_table(const Report& report);

}  // namespace fw::bench

// Pieces of the README's tables.
#pragma once

#include <string>

#include "bench/report.h"

namespace fw::bench {

// "0.81 ms (1.02 ms)": median and p99; "-" without a figure.
std::string cell(const Figure* figure);

// What must hold, and whether it does.
std::string bound_table(const Report& report);

}  // namespace fw::bench

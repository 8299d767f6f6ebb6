// The JIT receipt, for people: what the compiler made of each function.
#pragma once

#include <string>
#include <vector>

#include "embed/report.h"

namespace fw::cli {

// Lines of text, the first labelled as those of a report; none without functions.
std::string describe_receipt(const std::vector<embed::FunctionReport>& functions);

}  // namespace fw::cli

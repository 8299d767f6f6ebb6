// A plan with records of every kind, in a head as short as can be: something to
// mutate where no process can be captured.
#pragma once

#include <vector>

namespace fw::test {

std::vector<char> make_head_with_plan();

}  // namespace fw::test

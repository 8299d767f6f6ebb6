// How large the machine code of optimised functions is.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

namespace fw::v8host {

struct CodeSize {
  std::string function;  // "NAME FILE:LINE", all as live_functions.h has it

  std::size_t bytes = 0;
};

// Of all code that V8's optimising compiler made and that still exists. Walks the heap.
std::vector<CodeSize> optimised_code_sizes(v8::Isolate* isolate);

}  // namespace fw::v8host

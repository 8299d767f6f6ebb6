// How large the machine code of optimised functions is. V8 tells when it makes some;
// it could also list what there is, but would then keep the line ends of every script
// of node's, which makes an image 0.3 MB larger.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

namespace fw::v8host {

struct CodeSize {
  std::string function;  // "NAME FILE:LINE", all as live_functions.h has it
  std::size_t bytes = 0;
};

// From here on, until end_code_sizes(). One isolate at a time.
void begin_code_sizes(v8::Isolate* isolate);

// Of all code that the optimising compiler has made since, in this order.
std::vector<CodeSize> end_code_sizes(v8::Isolate* isolate);

}  // namespace fw::v8host

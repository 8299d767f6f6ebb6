// The JavaScript stack, as far as it is the user's.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

namespace fw::v8host {

// "at name (file:line:column)", innermost first. Runs no JavaScript.
std::vector<std::string> current_user_stack(v8::Isolate* isolate);

}  // namespace fw::v8host

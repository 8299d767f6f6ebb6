// The Python stack, as far as it is the user's.
#pragma once

#include <string>
#include <vector>

namespace fw::pyhost {

// "file:line in name", innermost first. With the GIL held; runs no Python.
std::vector<std::string> current_user_stack();

}  // namespace fw::pyhost

// The Python stack, as far as it is the user's.
#pragma once

#include <Python.h>

#include <string>
#include <vector>

namespace fw::pyhost {

// Of a thread: "file:line in name", innermost first; frames of the standard library only
// if there are no others. With the GIL held; runs no Python.
std::vector<std::string> user_stack_of(PyThreadState* thread);

}  // namespace fw::pyhost

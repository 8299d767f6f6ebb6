// The Python stack, as far as it is the user's.
#pragma once

#include <Python.h>

#include <string>
#include <vector>

namespace fw::pyhost {

// Of a thread: "file:line in name", innermost first; without any of the user's, where
// coroutines wait; frames of the standard library only if there is nothing else. With the
// GIL held.
std::vector<std::string> user_stack_of(PyThreadState* thread);

}  // namespace fw::pyhost

// Between C++ and Python values, and errors.
#pragma once

#include <Python.h>

#include <string_view>

#include "base/result.h"
#include "pyhost/core/host.h"

namespace fw::pyhost {

Host& the_host();

// Sets RuntimeError and returns null.
PyObject* raise(const Error& error);

// The text of a str, valid as long as it; false with an exception set.
bool read_text(PyObject* value, std::string_view& text);

// A str. Bytes that are no UTF-8 are kept as surrogates, as file names are.
PyObject* make_text(std::string_view text);

// Whether a function got the right number of arguments; false with TypeError set.
bool expect_arguments(const char* name, Py_ssize_t got, Py_ssize_t wanted);

}  // namespace fw::pyhost

#include "pyhost/core/stack.h"

#include <Python.h>
#include <frameobject.h>

namespace fw::pyhost {

namespace {

std::string text_of(PyObject* value) {
  const char* text = PyUnicode_AsUTF8(value);
  if (text == nullptr) PyErr_Clear();
  return text != nullptr ? text : "?";
}

}  // namespace

std::vector<std::string> user_stack_of(PyThreadState* thread) {
  constexpr const char* kOurs = "<fwrun";
  constexpr const char* kLibrary = "/usr/lib/python3.11/";
  std::vector<std::string> lines;
  std::vector<std::string> of_library;
  PyFrameObject* frame = PyThreadState_GetFrame(thread);
  while (frame != nullptr) {
    PyCodeObject* code = PyFrame_GetCode(frame);
    const std::string file = text_of(code->co_filename);
    if (!file.starts_with(kOurs) && !file.starts_with("<frozen")) {
      auto& into = file.starts_with(kLibrary) ? of_library : lines;
      into.push_back(file + ":" + std::to_string(PyFrame_GetLineNumber(frame)) + " in " +
                     text_of(code->co_qualname));
    }
    Py_DECREF(code);
    PyFrameObject* outer = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = outer;
  }
  return lines.empty() ? of_library : lines;
}

}  // namespace fw::pyhost

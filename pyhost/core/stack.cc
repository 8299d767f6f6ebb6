#include "pyhost/core/stack.h"

#include <Python.h>
#include <frameobject.h>

#include "pyhost/core/reference.h"

namespace fw::pyhost {

namespace {

std::string text_of(PyObject* value) {
  const char* text = PyUnicode_AsUTF8(value);
  if (text == nullptr) PyErr_Clear();
  return text != nullptr ? text : "?";
}

// Where coroutines wait while their loop does.
std::vector<std::string> awaiting_places() {
  std::vector<std::string> lines;
  const Reference name(PyUnicode_FromString("fwrun_host.async_loop"));
  const Reference module(name ? PyImport_GetModule(name.get()) : nullptr);
  const Reference found(module ? PyObject_CallMethod(module.get(), "awaiting_places", nullptr)
                               : nullptr);
  const Py_ssize_t count = found && PyList_Check(found.get()) ? PyList_GET_SIZE(found.get()) : 0;
  for (Py_ssize_t i = 0; i < count; ++i) lines.push_back(text_of(PyList_GET_ITEM(found.get(), i)));
  PyErr_Clear();
  return lines;
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
  if (lines.empty()) lines = awaiting_places();
  return lines.empty() ? of_library : lines;
}

}  // namespace fw::pyhost

#include "pyhost/core/values.h"

namespace fw::pyhost {

PyObject* raise(const Error& error) {
  PyErr_SetString(PyExc_RuntimeError, error.message().c_str());
  return nullptr;
}

bool read_text(PyObject* value, std::string_view& text) {
  Py_ssize_t length = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(value, &length);
  if (bytes == nullptr) return false;
  text = {bytes, static_cast<std::size_t>(length)};
  return true;
}

PyObject* make_text(std::string_view text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
}

bool expect_arguments(const char* name, Py_ssize_t got, Py_ssize_t wanted) {
  if (got == wanted) return true;
  PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments, not %zd", name, wanted, got);
  return false;
}

}  // namespace fw::pyhost

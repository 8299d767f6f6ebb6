// Reference: owns one reference to a Python object, or none. Use with the GIL held.
#pragma once

#include <Python.h>

#include <utility>

namespace fw::pyhost {

class Reference {
 public:
  Reference() = default;
  // Takes over a new reference; null with an exception set is the usual failure.
  explicit Reference(PyObject* object) : object_(object) {}
  // A further reference to an object that is borrowed.
  static Reference to(PyObject* object) { return Reference(Py_XNewRef(object)); }

  Reference(Reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Reference& operator=(Reference&& other) noexcept {
    if (this != &other) Py_XSETREF(object_, std::exchange(other.object_, nullptr));
    return *this;
  }
  ~Reference() { Py_XDECREF(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

}  // namespace fw::pyhost

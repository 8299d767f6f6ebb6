#include "pyhost/core/calls.h"
#include "pyhost/core/numba_seed.h"

namespace fw::pyhost {

// numba_seed_watch(address) -> address, numba_seeded(state) -> bool: see numba_seed.h.
PyObject* numba_seed_watch(PyObject*, PyObject* original) {
  const unsigned long long address = PyLong_AsUnsignedLongLong(original);
  if (PyErr_Occurred() != nullptr) return nullptr;
  return PyLong_FromUnsignedLongLong(fw_numba_seed_watch(address));
}

PyObject* numba_seeded(PyObject*, PyObject* state) {
  const unsigned long long address = PyLong_AsUnsignedLongLong(state);
  if (PyErr_Occurred() != nullptr) return nullptr;
  return PyBool_FromLong(fw_numba_seeded(address));
}

}  // namespace fw::pyhost

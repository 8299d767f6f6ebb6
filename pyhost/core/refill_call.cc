#include <cerrno>

#include "pyhost/core/calls.h"
#include "pyhost/core/refill.h"

namespace fw::pyhost {

// refill(regions: bytes): see refill.h; the bytes are an array of Region.
PyObject* refill(PyObject*, PyObject* regions) {
  if (!PyBytes_Check(regions) || PyBytes_GET_SIZE(regions) % sizeof(Region) != 0) {
    PyErr_SetString(PyExc_TypeError, "refill() takes the bytes of an array of regions");
    return nullptr;
  }
  const auto count = static_cast<std::size_t>(PyBytes_GET_SIZE(regions)) / sizeof(Region);
  errno = fw_refill(reinterpret_cast<const Region*>(PyBytes_AS_STRING(regions)), count);
  if (errno != 0) return PyErr_SetFromErrno(PyExc_OSError);
  Py_RETURN_NONE;
}

}  // namespace fw::pyhost

#include "embed/event_types.h"
#include "pyhost/core/calls.h"
#include "pyhost/core/reference.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

// one_type_warnings(events) -> list of str: see embed/event_types.h.
PyObject* one_type_warnings(PyObject*, PyObject* events) {
  std::string_view text;
  if (!read_text(events, text)) return nullptr;
  Reference list(PyList_New(0));
  for (const std::string& warning : embed::one_type_warnings(text)) {
    const Reference line(make_text(warning));
    if (!list || !line || PyList_Append(list.get(), line.get()) != 0) return nullptr;
  }
  return list.release();
}

}  // namespace fw::pyhost

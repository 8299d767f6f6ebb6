#include "pyhost/sources.h"

#include "annotate/py/embedded_files.h"
#include "pyhost/embedded_files.h"

namespace fw::pyhost {

std::string_view embedded_source(std::string_view name) {
  const std::string_view ours = embedded_file(name);
  return ours.data() != nullptr ? ours : annotate::py::embedded_file(name);
}

}  // namespace fw::pyhost

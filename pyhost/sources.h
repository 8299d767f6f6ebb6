// The Python files that the host carries: its own and the annotator's.
#pragma once

#include <string_view>

namespace fw::pyhost {

// By its name below pyhost/py or annotate/py. Null data(): there is none.
std::string_view embedded_source(std::string_view name);

}  // namespace fw::pyhost

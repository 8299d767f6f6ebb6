// The core module, `_fwrun`: what the host's Python cannot do by itself. Its
// functions are listed in module.cc, and described where they are defined.
#pragma once

#include "pyhost/core/host.h"

namespace fw::pyhost {

// Makes `import _fwrun` possible. Before the interpreter starts.
void add_core_module(Host& host);

}  // namespace fw::pyhost

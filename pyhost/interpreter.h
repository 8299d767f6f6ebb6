// The interpreter: Debian's CPython, isolated from whoever runs the install.
#pragma once

#include "base/result.h"

namespace fw::pyhost {

// Initialises CPython for the calling thread, which holds the GIL afterwards.
// Isolated: no PYTHON* variables, no user site-packages, nothing of the working
// directory on sys.path; UTF-8 everywhere; Debian's dist-packages are there.
// The installed Python decides the value of hash(str): one random seed for each
// install, shared by all clones of its image.
Status start_interpreter();

}  // namespace fw::pyhost

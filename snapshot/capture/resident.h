// The restored process's view of the restorer that stays in its memory.
#pragma once

#include "snapshot/image/format.h"

namespace fw::capture {

// nullptr in a process that was not restored.
const image::Resident* resident();

// A mapping of the image was replaced: the next reset must look at the layout.
void note_replaced_mapping();

// First thing in a restored process: runs the on-restore hooks, lets the other
// threads go.
void wake_restored_process();

}  // namespace fw::capture

// Malloc's free memory, put in order for the snapshot.
#pragma once

namespace fw::embed {

// Leaves malloc no free chunk but the large one at the end of the heap, so that
// what a restored process allocates lies side by side on fresh pages. Chunks freed
// all over the heap would cost it a copied page each: without this, a fifth of the
// page faults of a restore are malloc's. The fragments are given up for good; they
// are in the image either way. For glibc's main arena, so for the main thread only.
void settle_heap();

}  // namespace fw::embed

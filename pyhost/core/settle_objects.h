// The free memory of CPython's object allocator, put in order for the snapshot.
#pragma once

namespace fw::pyhost {

// Leaves the allocator no free blocks but those of fresh pools, one pool for each size,
// so that what a restored process allocates lies side by side. Blocks freed all over
// the heap would cost it a copied page for nearly every object: a quarter of the page
// faults of a handler that works with many small objects. They are given up for good,
// and are in the image either way. With the GIL held, after the last collection.
void settle_objects();

}  // namespace fw::pyhost

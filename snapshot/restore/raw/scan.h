// Asking the kernel for the pages of private mappings that are the process's own.
#pragma once

#include <cstdint>

#include "snapshot/image/format.h"

namespace fw::raw {

// Calls `found` for ranges of pages that are present or swapped out, and no file's, each
// within one private mapping of the image, ascending. `found` may give them back.
using FoundPages = void (*)(const image::MapOp& op, std::uint64_t start, std::uint64_t end);
void scan_own_pages(FoundPages found);

}  // namespace fw::raw

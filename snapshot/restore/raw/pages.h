// The pages of a reset: which ones differ from the image, and bringing them back.
#pragma once

#include <cstdint>

#include "snapshot/image/format.h"

namespace fw::raw {

// Maps the image's pages once more, shared and read-only: what is copied back comes from
// there. Where the window is too small for them, they are read from the file.
void map_alias(const image::Plan* plan);

// Finds all pages of the process that are its own and brings them back; remembers those
// that it keeps. The layout must be the image's. The answer is the number of pages.
std::uint32_t restore_changed_pages();

// Brings back those that the last one remembered.
std::uint32_t restore_known_pages();
// Whether the last search remembered all it kept.
bool pages_are_known();
void forget_known_pages();

// Writes to the words that the kernel writes to behind our back, so that their pages are
// among those found.
void touch_kernel_words(std::int32_t tid);

// For FW_RESTORE_CHECK_RESETS: ends the process at the first byte that is not what the
// image says.
void check_pages();

}  // namespace fw::raw

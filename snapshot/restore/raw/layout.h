// The layout of a reset: which mappings are there, and making them the image's.
#pragma once

#include <cstdint>

#include "snapshot/image/format.h"

namespace fw::raw {

// Called for each mapping that a restore makes of a descriptor: by what that is,
// /proc/self/maps names the mapping from then on.
void note_source(const image::MapOp& op, int fd, std::uint64_t offset, bool of_pack);
// False when there are more files than could be noted.
bool sources_are_noted(const image::Plan* plan);

// Compares what is mapped with the image, maps again what is missing or another, unmaps
// what is too much.
void restore_layout();

// For FW_RESTORE_CHECK_RESETS: ends the process at the first difference.
void check_layout();

}  // namespace fw::raw

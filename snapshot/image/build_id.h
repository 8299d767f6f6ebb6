// The build-id of an ELF file: what tells two builds of one library apart.
#pragma once

#include <cstdint>

namespace fw::image {

// Reads it into `id` (at most `room` bytes) and returns its length; 0 when the
// file is no ELF file or has none. Allocates nothing.
std::uint32_t read_build_id(const char* path, std::uint8_t* id, std::uint32_t room);

}  // namespace fw::image

// What this process holds, to compare before and after.
#pragma once

#include <cstddef>
#include <string_view>

namespace fw::args {

std::size_t open_descriptors();

// Mappings whose name in /proc/self/maps contains `name`; all for an empty one.
std::size_t mappings(std::string_view name);

// Bytes of memory that a memfd holds.
std::size_t memory_of(int fd);

}  // namespace fw::args

// Structural checks of a plan, before anything in it is believed. Freestanding,
// allocates nothing: used by the reader and, on every restore, by the restorer.
#pragma once

#include <cstddef>

#include "snapshot/image/format.h"

namespace fw::image {

// Where the plan lies in the file.
struct PlanLocation {
  std::uint64_t note_offset;  // page aligned
  std::uint64_t plan_bytes;
};

// Reads the first page of a file (`size` bytes of it are there; the file has
// `file_bytes`). nullptr on success, else what is wrong.
const char* locate_plan(const void* first_page, std::size_t size, std::uint64_t file_bytes,
                        PlanLocation* location);

// Checks header, hash, and that every table, string, index and range of the plan
// lies where it may. `available` bytes can be read at `plan`. nullptr on success.
const char* validate_plan(const Plan* plan, std::uint64_t available, std::uint64_t file_bytes);

// The plan's hash as it must be.
std::uint64_t hash_plan(const Plan* plan);

}  // namespace fw::image

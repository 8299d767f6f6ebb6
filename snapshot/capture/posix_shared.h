// POSIX semaphores and shared memory (sem_overview(7), shm_overview(7)): files of
// /dev/shm. One without a name is this process's alone, as child processes are
// refused, and no other can open it: it is carried as a memfd is. One that has a name
// is somebody else's, too.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>

namespace fw::capture {

inline constexpr std::string_view kPosixSharedFolder = "/dev/shm/";

// Whether a file of that folder has a name there still. That of a mapping says
// nothing: sem_open() gives the file its name by link(2) and takes away the first one.
// Also true when the folder cannot be read.
bool has_posix_shared_name(std::pmr::memory_resource* memory, std::uint64_t inode);

}  // namespace fw::capture

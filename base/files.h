// Whole-file operations. All errors name the path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw {

// open(2) with O_CLOEXEC added.
Result<UniqueFd> open_file(const std::filesystem::path& path, int flags, unsigned mode = 0);

// Reads a file to its end; also those of /proc, whose size is reported as 0.
// Fails with kBadInput when it is larger than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t limit = std::size_t{1} << 30);

// Writes all of `bytes` at the descriptor's position, retrying short writes.
Status write_all(int fd, std::string_view bytes);

// Replaces `path` so that a reader sees the old or the new content, whole, and
// the new content survives a power cut: temporary file beside it, fsync, rename,
// fsync of the folder. On failure the old file is untouched and nothing is left;
// a process that is killed may leave `path`.new-<hex>. Any number of writers.
Status write_file_atomically(const std::filesystem::path& path, std::string_view content,
                             unsigned mode = 0644);

Status sync_folder(const std::filesystem::path& folder);

// A memfd (close-on-exec, sealing allowed), empty.
Result<UniqueFd> create_memfd(const char* name);

}  // namespace fw

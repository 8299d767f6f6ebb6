// Payloads too large for a slot: a memfd whose content and size can no longer
// change, so that a reader may check first and read afterwards.
#pragma once

#include <fcntl.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::args {

inline constexpr int kPayloadSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

// A new memfd that holds exactly `bytes`, sealed. Close-on-exec.
Result<UniqueFd> seal_into_memfd(std::string_view bytes);

// Says why `fd` is not a memfd of exactly `size` bytes with kPayloadSeals
// (kBadInput); nothing when it is one.
Status check_sealed(int fd, std::size_t size);

// Checks and reads it whole. By pread, not by a mapping: what a mapping cannot
// deliver (a hole in huge pages, memory that ran out) comes as SIGBUS.
Result<std::string> read_sealed(int fd, std::size_t size);

}  // namespace fw::args

// System calls that a signal interrupted, and how to begin them again.
#pragma once

#include <cstdint>

namespace fw::capture {

// True for those that the kernel ends with EINTR after any handler, and that are
// simply begun again.
bool is_restartable(long number);

// The number of the restartable system call whose instruction ends at `address`, as
// the code before it says; -1 when it does not say. Where a call is made with a
// constant number, as nearly all are, the constant was moved to eax shortly before.
long restartable_call_before(std::uint64_t address);

}  // namespace fw::capture

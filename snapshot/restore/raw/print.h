// How the restorer says why it cannot go on: one line on standard error.
#pragma once

#include <cstdint>

namespace fw::raw {

[[noreturn]] void end_process(int exit_code);

// From now on what is refused is a reset: FW_RESTORE_EXIT_RESET.
void refuse_resets_from_now();

// Ends the process with FW_RESTORE_EXIT_REFUSED after printing
// "fwrun-restore: <what> <subject>: <reason>". Null parts are left out.
[[noreturn]] void refuse(const char* what, const char* subject = nullptr,
                         const char* reason = nullptr);
[[noreturn]] void refuse_at(const char* what, std::uint64_t address);

// The same for a failed system call: "... : errno 12 (ENOMEM)".
[[noreturn]] void refuse_errno(const char* what, const char* subject, long result);
[[noreturn]] void refuse_errno_at(const char* what, std::uint64_t address, long result);

}  // namespace fw::raw

#include "snapshot/capture/system_call.h"

#include <sys/syscall.h>

#include <cstring>

#include "snapshot/image/format.h"

namespace fw::capture {

bool is_restartable(long number) {
  switch (number) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_poll:
    case SYS_ppoll:
    case SYS_select:
    case SYS_pselect6:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
    case SYS_futex:
    case SYS_futex_waitv:
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
    case SYS_semop:
    case SYS_semtimedop:
    case SYS_msgsnd:
    case SYS_msgrcv:
      return true;
    default:
      return false;
  }
}

long restartable_call_before(std::uint64_t address) {
  constexpr unsigned char kSyscall[] = {0x0f, 0x05};
  constexpr unsigned char kMoveToEax = 0xb8;  // and four bytes of constant
  constexpr std::uint64_t kMoveLength = 5;
  constexpr std::uint64_t kFarthest = 32;  // glibc's moves lie 5 to 28 bytes before
  // Nothing says that the page before is there.
  const std::uint64_t page = (address - 1) & ~(image::kPage - 1);
  const std::uint64_t instruction = address - sizeof kSyscall;
  if (instruction < page ||
      std::memcmp(reinterpret_cast<const void*>(instruction), kSyscall, sizeof kSyscall) != 0) {
    return -1;
  }
  for (std::uint64_t back = kMoveLength; back <= kFarthest && instruction - back >= page; ++back) {
    const auto* code = reinterpret_cast<const unsigned char*>(instruction - back);
    if (*code != kMoveToEax) continue;
    std::uint32_t number = 0;
    std::memcpy(&number, code + 1, sizeof number);
    if (is_restartable(number)) return number;
  }
  return -1;
}

}  // namespace fw::capture

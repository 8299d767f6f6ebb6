// How a restorer that waits on a socket (orders.h, wait:FD) is told what to do: one
// message is one packet of a SOCK_SEQPACKET socket, plain data and descriptors
// (SCM_RIGHTS) together. Both ends are of one build: another magic is refused.
//
// The descriptors of a message, in this order: the image, if kCarriesImage; the pack, if
// kCarriesPack; a pidfd of the owner, if kCarriesOwner; the /proc/PID/pagemap of a fork, if
// kCarriesPagemap; one for each external range; one
// for each target.
#pragma once

#include <cstdint>

#include "snapshot/restore/raw/orders.h"

namespace fw::raw {

inline constexpr std::uint64_t kMessageMagic = 0x3147534d4f4f5746;  // "FWOOMSG1"

enum class MessageKind : std::uint32_t {
  kBecome = 1,    // become a process of the image
  kTemplate = 2,  // map the image, then await kFork messages
  kFork = 3,      // fork a process; is answered
  kLearn = 4,     // have the pages in memory that a fork has
};

enum MessageCarries : std::uint32_t {
  kCarriesImage = 1,
  kCarriesPack = 2,
  kCarriesOwner = 4,
  kCarriesPagemap = 8
};

struct Message {
  std::uint64_t magic;
  MessageKind kind;
  std::uint32_t carries;             // MessageCarries
  std::uint32_t flags;               // fw_restore_flags
  std::int32_t parent_death_signal;  // of forks, in kTemplate
  std::uint32_t external_count;
  std::uint32_t fd_count;
  struct External {
    std::uint64_t offset;
    std::uint32_t tag;
    std::uint32_t reserved;
  } externals[kMaxOrderFds];
  std::int32_t targets[kMaxOrderFds];
};

inline constexpr unsigned kMaxMessageFds = 4 + 2 * kMaxOrderFds;

// The answer to kFork: the pid as the template sees it, which shares the owner's PID
// namespace, or a negative errno. Answers come in the order of the messages.
struct ForkAnswer {
  std::uint64_t magic;
  std::int64_t result;
};

}  // namespace fw::raw

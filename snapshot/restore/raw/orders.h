// What the restorer is told, as its command line:
//
//   fwrun-restore IMAGE [pidns] [cpu:HASH] [flags:N] [pack:FD] [fd:SOURCE:TARGET]...
//                 [ext:TAG:FD:OFFSET]...
//   fwrun-restore wait:FD [pidns] [cpu:HASH]
//
// The second waits for the rest on a socket: message.h.
//
// IMAGE is a path, or @N for open descriptor N. Flags are fw_restore_flags. Every descriptor that
// is named must be at least the image's first_free_fd, or 0, 1 or 2, and all others above 2 are
// closed.
#pragma once

#include <cstdint>

namespace fw::raw {

inline constexpr unsigned kMaxOrderFds = 16;

struct FdOrder {
  int source;
  int target;
};
struct ExternalOrder {
  std::uint32_t tag;
  int fd;
  std::uint64_t offset;
};

struct Orders {
  const char* image_path = nullptr;  // nullptr: image_fd is open already
  int image_fd = -1;
  int wait_fd = -1;     // >= 0: the socket to wait on, and no image yet
  int owner_fd = -1;    // a pidfd of the process that forks of a template must not outlive
  int pagemap_fd = -1;  // of a fork, for a template to learn from
  int pack_fd = -1;     // of a pack to map files from instead of the files (format.h)
  bool pid_namespace = false;
  bool cpu_known = false;  // cpu_hash was computed by the caller on this machine
  std::uint64_t cpu_hash = 0;
  std::uint32_t flags = 0;      // fw_restore_flags
  int parent_death_signal = 0;  // of forks of a template
  unsigned fd_count = 0;
  unsigned external_count = 0;
  // From here on no number has a meaning, to the image or in an order.
  int scratch_fd = 3;
  FdOrder fds[kMaxOrderFds];
  ExternalOrder externals[kMaxOrderFds];
};

// Reads the command line; refuses with usage when it is malformed.
void read_orders(int argc, char** argv, Orders* orders);

}  // namespace fw::raw

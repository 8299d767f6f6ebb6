// Opening the sockets that a server accepts connections on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "gateway/http/address.h"

namespace fw::gateway::http {

// `count` sockets that listen on one address together: the kernel divides connections
// among them (SO_REUSEPORT). For port 0 one port is chosen for all. kBadInput when the
// address is taken or not of this machine.
Result<std::vector<UniqueFd>> listen_together(const Address& address, unsigned count);

// A Unix socket that its owner alone may connect to, from its first moment on. What a dead
// daemon left at `path` is replaced.
class UnixListener {
 public:
  // kBusy when a living process listens there; kBadInput when something that is no socket
  // is there, or the path is too long for one.
  static Result<UnixListener> open(const std::filesystem::path& path);

  UnixListener(UnixListener&& other) noexcept;
  UnixListener& operator=(UnixListener&&) = delete;
  ~UnixListener();

  // The socket; it may be taken away by moving. The file stays with this object.
  UniqueFd& socket() { return socket_; }

  // Deletes the file, unless somebody else's is there by then; the destructor does it,
  // too. To be called while the socket still listens: once it does not, a successor may
  // put a file of its own there, with the same inode number.
  void remove_file();

 private:
  UnixListener() = default;

  std::filesystem::path path_;  // empty when moved from
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  UniqueFd socket_;
};

}  // namespace fw::gateway::http

#include "gateway/http/listen.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "store/folder_lock.h"

namespace fw::gateway::http {

namespace fs = std::filesystem;

namespace {

constexpr int kBacklog = 4096;  // the kernel takes the smaller of this and somaxconn
constexpr int kSocketKind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

Status set_option(int socket, int level, int option, int value) {
  if (::setsockopt(socket, level, option, &value, sizeof value) != 0) {
    return fail_errno("setsockopt");
  }
  return {};
}

Status bind_to(int socket, const Address& address) {
  if (::bind(socket, address.get(), address.length) == 0) return {};
  const int error = errno;
  std::string why = "listen on " + to_text(address);
  if (error == EADDRINUSE) {
    return fail(Errc::kBadInput, why + ": another program listens there; choose another port");
  }
  if (error == EADDRNOTAVAIL) {
    return fail(Errc::kBadInput, why + ": this machine has no such address");
  }
  return fail(Error::from_errno(std::move(why), error));
}

Result<UniqueFd> bound_socket(const Address& address, bool shared) {
  UniqueFd socket(::socket(address.family(), kSocketKind, 0));
  if (!socket) return fail_errno("socket");
  FW_TRY(set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1));
  if (shared) FW_TRY(set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1));
  if (address.family() == AF_INET6) {
    // So that 0.0.0.0 and [::] can both be listened on.
    FW_TRY(set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1));
  }
  FW_TRY(bind_to(socket.get(), address));
  return socket;
}

// Two daemons of one user could share an address and would divide its connections
// between them, to the wonder of everybody: whoever comes second must be told. A socket
// that is not shared cannot be bound beside one that listens.
Status check_free(const Address& address) {
  FW_TRY_ASSIGN(const UniqueFd probe, bound_socket(address, false));
  return {};
}

}  // namespace

Result<std::vector<UniqueFd>> listen_together(const Address& address, unsigned count) {
  FW_TRY(check_free(address));
  Address chosen = address;
  std::vector<UniqueFd> sockets;
  for (unsigned i = 0; i < count; ++i) {
    FW_TRY_ASSIGN(UniqueFd socket, bound_socket(chosen, true));
    if (i == 0) {
      FW_TRY_ASSIGN(chosen, local_address(socket.get()));
    }
    sockets.push_back(std::move(socket));
  }
  // All are bound before any listens: none may answer for a start that fails.
  for (const UniqueFd& socket : sockets) {
    if (::listen(socket.get(), kBacklog) != 0) return fail_errno("listen on " + to_text(chosen));
  }
  return sockets;
}

namespace {

Result<Address> unix_address(const fs::path& path) {
  Address address;
  auto* const un = reinterpret_cast<sockaddr_un*>(&address.storage);
  const std::string& text = path.native();
  if (text.size() >= sizeof un->sun_path) {
    return fail(Errc::kBadInput, "the path of the Unix socket, " + text + ", is longer than " +
                                     std::to_string(sizeof un->sun_path - 1) +
                                     " bytes: choose a shorter one");
  }
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, text.c_str(), text.size() + 1);
  address.length = sizeof *un;
  return address;
}

// Makes room at `path`, under the lock of its folder.
Status replace_stale(const fs::path& path, const Address& address) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return {};
    return fail_errno("stat " + path.string());
  }
  if (!S_ISSOCK(there.st_mode)) {
    return fail(Errc::kBadInput, path.string() +
                                     " is no socket: move it away or choose another path for "
                                     "the Unix socket");
  }
  const UniqueFd probe(::socket(AF_UNIX, kSocketKind, 0));
  if (!probe) return fail_errno("socket");
  // EAGAIN: alive, but its queue of connections is full.
  if (::connect(probe.get(), address.get(), address.length) == 0 || errno == EAGAIN) {
    return fail(Errc::kBusy, "another process listens on " + path.string() + " already");
  }
  if (errno != ECONNREFUSED) return fail_errno("connect to " + path.string());
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("unlink " + path.string());
  return {};
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Result<UnixListener> UnixListener::open(const fs::path& path) {
  FW_TRY_ASSIGN(const Address address, unix_address(path));
  // Against a second daemon that starts at the same time.
  FW_TRY_ASSIGN(const store::FolderLock lock, store::FolderLock::wait(folder_of(path)));
  FW_TRY(replace_stale(path, address));

  UnixListener listener;
  listener.socket_ = UniqueFd(::socket(AF_UNIX, kSocketKind, 0));
  if (!listener.socket_) return fail_errno("socket");
  // bind(2) gives the file the mode of the socket itself, less the umask: there is no
  // moment at which others may connect, and the umask, which is every thread's, is left.
  if (::fchmod(listener.socket_.get(), 0600) != 0) return fail_errno("fchmod");
  if (::bind(listener.socket_.get(), address.get(), address.length) != 0) {
    return fail_errno("create the Unix socket " + path.string());
  }
  listener.path_ = path;
  struct stat made {};
  if (::lstat(path.c_str(), &made) != 0) return fail_errno("stat " + path.string());
  listener.device_ = made.st_dev;
  listener.inode_ = made.st_ino;
  if (::listen(listener.socket_.get(), kBacklog) != 0) {
    return fail_errno("listen on " + path.string());
  }
  return listener;
}

UnixListener::UnixListener(UnixListener&& other) noexcept
    : path_(std::move(other.path_)),
      device_(other.device_),
      inode_(other.inode_),
      socket_(std::move(other.socket_)) {
  other.path_.clear();
}

UnixListener::~UnixListener() { remove_file(); }

void UnixListener::remove_file() {
  if (path_.empty()) return;
  struct stat there {};
  if (::lstat(path_.c_str(), &there) == 0 && there.st_dev == device_ && there.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
  path_.clear();
}

}  // namespace fw::gateway::http

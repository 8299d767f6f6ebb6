// Server: HTTP/1.1 on the loops of a pool's workers. Each worker accepts connections of
// its own and keeps them for ever, so nothing on a request's way is shared between
// threads. Several servers with different routes may run on one pool.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/exchange.h"
#include "gateway/http/counters.h"
#include "gateway/http/limits.h"
#include "pool/pool.h"

namespace fw::gateway::http {

class UnixListener;
struct ServerState;
class Lane;

struct ServerOptions {
  std::vector<std::string> addresses;  // "127.0.0.1:8080", "[::1]:0"
  // Requests that come here are Request::trusted; only this user and root may connect.
  // Empty: none.
  std::filesystem::path unix_socket;
  Limits limits;
  std::shared_ptr<Counters> counters;  // null: of its own
};

class Server {
 public:
  // Listens when it returns. `routes` and the pool outlive the server. kBadInput for an
  // address that cannot be had, kBusy when a living process has the Unix socket.
  // Not from a worker's thread; nor are drain() and the destructor.
  static Result<std::unique_ptr<Server>> start(pool::Pool& pool, const Routes& routes,
                                               ServerOptions options);
  ~Server();  // as drain(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, with the port that was chosen for 0; the Unix socket is not listed.
  const std::vector<std::string>& addresses() const { return addresses_; }

  // Accepts no more, closes idle connections, answers what is under way with
  // "Connection: close" and returns when all are gone, or after `patience_ms`; what is
  // left then is cut off. True when nothing was.
  bool drain(std::uint64_t patience_ms);

  // Any thread.
  bool draining() const;
  const Counters& counters() const;

 private:
  Server() = default;

  std::shared_ptr<ServerState> state_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::unique_ptr<UnixListener> unix_listener_;
  std::vector<std::string> addresses_;
  bool ended_ = false;
};

}  // namespace fw::gateway::http

#include "gateway/http/lane.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <exception>

#include "base/clock.h"
#include "gateway/http/address.h"
#include "gateway/http/session.h"

namespace fw::gateway::http {

Lane::Lane(pool::Worker& worker, std::shared_ptr<ServerState> server)
    : worker_(worker), server_(std::move(server)) {
  timer_.emplace(loop().get_executor());
}

Lane::~Lane() = default;

void Lane::listen(UniqueFd socket, Kind kind) {
  listeners_.emplace_back(loop(), std::move(socket), kind);
  wait_to_accept(listeners_.back());
}

void Lane::wait_to_accept(Listener& listener) {
  listener.socket.async_wait(
      boost::asio::posix::descriptor_base::wait_read,
      [self = shared_from_this(), &listener](const boost::system::error_code& problem) {
        if (problem || self->listeners_.empty()) return;  // closed: `listener` is gone
        self->accept_some(listener);
        if (!listener.stalled) self->wait_to_accept(listener);
        self->schedule_sweep();
      });
}

void Lane::accept_some(Listener& listener) {
  listener.stalled = false;
  // Some at a time: the requests of those who are connected have their turn.
  for (int i = 0; i < 64; ++i) {
    sockaddr_storage from{};
    socklen_t length = sizeof from;
    UniqueFd socket(::accept4(listener.socket.native_handle(), reinterpret_cast<sockaddr*>(&from),
                              &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      // EMFILE and its like: to wait for readiness would be to spin.
      listener.stalled = errno != EAGAIN;
      return;
    }
    try {
      admit(std::move(socket), listener.kind, from);
    } catch (const std::exception&) {  // no memory: the connection is closed
    }
  }
}

namespace {

// nullopt for a user who has no business here.
std::optional<Peer> peer_of(int socket, Lane::Kind kind, const sockaddr_storage& from) {
  if (kind == Lane::Kind::kTcp) {
    return Peer{to_text(Address{from, sizeof from}), false};
  }
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return {};
  if (credentials.uid != 0 && credentials.uid != ::geteuid()) return {};
  return Peer{"unix:" + std::to_string(credentials.pid), true};
}

void turn_away(int socket, DateText& date) {
  Response response = error_response(503, "busy", "too many connections are open: try again");
  response.headers.emplace_back("Retry-After", "1");
  std::string text;
  append_head(text, response, Connection::kClose, date.now());
  text += response.body;
  (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  (void)::shutdown(socket, SHUT_WR);
  // What was sent already is taken, lest the answer be lost by a reset.
  char taken[4096];
  while (::recv(socket, taken, sizeof taken, MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

void Lane::admit(UniqueFd socket, Kind kind, const sockaddr_storage& from) {
  Counters& counters = *server_->counters;
  std::optional<Peer> peer = peer_of(socket.get(), kind, from);
  if (!peer) {
    counters.refused.fetch_add(1);
    return;
  }
  if (server_->connections.fetch_add(1) >= server_->limits.connections) {
    server_->connections.fetch_sub(1);
    counters.refused.fetch_add(1);
    counters.count_status(503);
    turn_away(socket.get(), date_);
    return;
  }
  counters.accepted.fetch_add(1);
  counters.open.fetch_add(1);
  if (kind == Kind::kTcp) {
    const int on = 1;
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Lane& lane = least_busy();
  lane.connections_.fetch_add(1, std::memory_order_relaxed);
  if (&lane == this) {
    adopt(std::move(socket), std::move(*peer));
    return;
  }
  boost::asio::post(lane.loop(), [its = lane.shared_from_this(), fd = std::move(socket),
                                  from_peer = std::move(*peer)]() mutable {
    its->adopt(std::move(fd), std::move(from_peer));
  });
}

// The kernel divides connections by a hash of their addresses, a handful of them quite
// unevenly, and a connection is never moved later: so one that would make this worker's
// share larger than another's goes there.
Lane& Lane::least_busy() {
  Lane* least = this;
  std::uint32_t fewest = connections();
  for (const std::weak_ptr<Lane>& weak : server_->lanes) {
    const std::shared_ptr<Lane> lane = weak.lock();
    if (lane && lane->connections() < fewest) {
      fewest = lane->connections();
      least = lane.get();
    }
  }
  return *least;
}

void Lane::adopt(UniqueFd socket, Peer peer) {
  std::shared_ptr<Session> session;
  try {
    if (timer_) {  // else the server has ended meanwhile
      session = std::make_shared<Session>(shared_from_this(), std::move(socket), std::move(peer));
      sessions_.push_front(session);
    }
  } catch (const std::exception&) {  // no memory, or the loop can watch no more
    session.reset();
  }
  if (!session) {
    connections_.fetch_sub(1, std::memory_order_relaxed);
    server_->connection_ended();
    return;
  }
  try {
    session->start(sessions_.begin());
    schedule_sweep();
  } catch (const std::exception&) {
    session->close();
  }
}

void Lane::forget(std::list<std::shared_ptr<Session>>::iterator place) {
  sessions_.erase(place);
  connections_.fetch_sub(1, std::memory_order_relaxed);
  server_->connection_ended();
}

void Lane::schedule_sweep() {
  const bool stalled = std::any_of(listeners_.begin(), listeners_.end(),
                                   [](const Listener& listener) { return listener.stalled; });
  if (sweeping_ || !timer_ || (sessions_.empty() && !stalled)) return;
  sweeping_ = true;
  timer_->expires_after(std::chrono::milliseconds(server_->limits.sweep_ms));
  timer_->async_wait([self = shared_from_this()](const boost::system::error_code& problem) {
    self->sweeping_ = false;
    if (!problem) self->sweep();
  });
}

void Lane::sweep() {
  const std::uint64_t now = monotonic_ns();
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const std::shared_ptr<Session> session = *at++;  // it may leave the list
    try {
      session->sweep(now);
    } catch (const std::exception&) {
      session->close();
    }
  }
  for (Listener& listener : listeners_) {
    if (std::exchange(listener.stalled, false)) wait_to_accept(listener);
  }
  schedule_sweep();
}

void Lane::stop_listening() {
  for (Listener& listener : listeners_) accept_some(listener);
  listeners_.clear();
}

void Lane::close_idle() {
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const std::shared_ptr<Session> session = *at++;
    session->close_if_idle();
  }
}

void Lane::close_all() {
  listeners_.clear();
  while (!sessions_.empty()) {
    const std::shared_ptr<Session> session = sessions_.front();
    session->close();
  }
  timer_.reset();
}

}  // namespace fw::gateway::http

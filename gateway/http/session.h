// Session: one connection, on one worker for all its life. Requests are served one
// after the other; what a client sends ahead waits in the socket or, at most one
// buffer of it, here.
//
// While a function runs nothing is read and no event is waited for: a client that goes
// away meanwhile is noticed when its answer cannot be sent.
#pragma once

#include <atomic>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "gateway/http/lane.h"
#include "gateway/http/request_parser.h"
#include "gateway/http/unsent.h"

namespace fw::gateway::http {

class PendingExchange;

struct Peer {
  std::string name;  // Request::peer
  bool trusted = false;
};

// Its worker's thread, unless said otherwise. Held by its lane until close(), and by the
// exchange it has given away.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Lane> lane, UniqueFd socket, Peer peer);
  ~Session();

  // Begins to wait for the first request. `place` is where the lane keeps it.
  void start(std::list<std::shared_ptr<Session>>::iterator place);

  // The answer to request number `serial`; all but the first are ignored. Any thread.
  void respond(std::uint64_t serial, Response response);
  bool answered(std::uint64_t serial) const { return answered_.load() >= serial; }

  // Ends what has lasted too long.
  void sweep(std::uint64_t now_ns);

  // Ends it if it is idle. One with a request under way ends with its answer.
  void close_if_idle();

  // At once. The session is not to be used afterwards, though an exchange may hold it.
  void close();

  ServerState& server() { return lane_->server(); }

 private:
  enum class Phase { kReading, kServing, kWriting, kLingering, kClosed };
  using Socket = boost::asio::posix::basic_stream_descriptor<Loop::executor_type>;

  void wait_for(Socket::wait_type what, void (Session::*then)());
  void on_readable();
  void on_writable();
  void discard();

  void advance(std::string_view data);
  void begin_request();
  void keep_rest(std::string_view data);
  void await_rest();
  void dispatch();
  void refuse(Problem problem);
  void deliver(std::uint64_t serial, Response response);
  void write(Response response, bool close_afterwards);
  void answer_written();
  void linger();
  void time_out();
  bool body_too_slow(std::uint64_t now_ns) const;
  std::string_view rest() const { return std::string_view(input_).substr(input_at_); }

  const std::shared_ptr<Lane> lane_;
  const Peer peer_;
  std::optional<Socket> socket_;  // until close(): the loop may be gone afterwards
  std::list<std::shared_ptr<Session>>::iterator place_;
  Phase phase_ = Phase::kReading;
  std::uint64_t deadline_ns_ = 0;
  std::uint64_t body_since_ns_ = 0;  // 0: no body is awaited

  std::string input_;  // from input_at_ on: received and not yet parsed
  std::size_t input_at_ = 0;
  std::optional<RequestParser> parser_;        // of exchange_
  std::shared_ptr<PendingExchange> exchange_;  // the request that is being read
  bool header_begun_ = false;                  // and its time is running
  bool sent_continue_ = false;

  std::uint64_t serial_ = 0;  // of the request that is read or served, from 1
  std::atomic<std::uint64_t> answered_{0};
  bool dispatching_ = false;
  std::optional<Response> ready_;  // answered while it was dispatched
  bool keep_alive_ = true;
  bool http10_ = false;
  bool head_only_ = false;

  bool close_afterwards_ = false;
  Unsent unsent_;
  Charge unsent_charge_;
};

}  // namespace fw::gateway::http

#include "gateway/http/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <exception>
#include <limits>

#include "base/clock.h"
#include "gateway/http/pending_exchange.h"

namespace fw::gateway::http {

namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::uint64_t after_ms(std::uint64_t ms) { return monotonic_ns() + ms * kNsPerMs; }

}  // namespace

Session::Session(std::shared_ptr<Lane> lane, UniqueFd socket, Peer peer)
    : lane_(std::move(lane)), peer_(std::move(peer)), unsent_charge_(lane_->server().budget) {
  socket_.emplace(lane_->loop().get_executor(), socket.get());
  (void)socket.release();  // the line above may throw
}

Session::~Session() = default;

void Session::start(std::list<std::shared_ptr<Session>>::iterator place) {
  place_ = place;
  deadline_ns_ = after_ms(server().limits.header_ms);
  wait_for(Socket::wait_read, &Session::on_readable);
}

void Session::wait_for(Socket::wait_type what, void (Session::*then)()) {
  socket_->async_wait(what, [self = shared_from_this(), then](boost::system::error_code) {
    if (self->phase_ == Phase::kClosed) return;
    try {
      ((*self).*then)();
    } catch (const std::exception&) {  // no memory
      self->close();
    }
  });
}

void Session::on_readable() {
  if (phase_ == Phase::kLingering) {
    discard();
    return;
  }
  auto& buffer = lane_->buffer();
  const ssize_t n = ::recv(socket_->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    wait_for(Socket::wait_read, &Session::on_readable);
    return;
  }
  if (n <= 0) {
    close();
    return;
  }
  const std::string_view received(buffer.data(), static_cast<std::size_t>(n));
  if (rest().empty()) {
    advance(received);
    return;
  }
  input_.erase(0, std::exchange(input_at_, 0));
  input_ += received;
  advance(rest());
}

// `data` lies in the lane's buffer or is rest().
void Session::advance(std::string_view data) {
  while (phase_ == Phase::kReading) {
    // A line end too many after a body is an old habit (RFC 9112, 2.2).
    while (!exchange_ && (data.starts_with('\r') || data.starts_with('\n'))) data.remove_prefix(1);
    if (data.empty()) break;
    if (!exchange_) begin_request();
    parser_->put(data);
    if (parser_->problem() != Problem::kNone) {
      refuse(parser_->problem());
      return;
    }
    if (!parser_->done()) break;
    keep_rest(data);
    dispatch();
    data = rest();
  }
  if (phase_ != Phase::kReading) return;
  keep_rest(data);
  await_rest();
}

void Session::begin_request() {
  exchange_ = std::make_shared<PendingExchange>(shared_from_this(), ++serial_);
  exchange_->request.peer = peer_.name;
  exchange_->request.trusted = peer_.trusted;
  exchange_->worker = &lane_->worker();
  parser_.emplace(exchange_->request, exchange_->charge(), server().limits);
  sent_continue_ = false;
}

void Session::keep_rest(std::string_view data) {
  if (data.empty()) {
    input_.clear();
    input_at_ = 0;
  } else if (data.data() >= input_.data() && data.data() < input_.data() + input_.size()) {
    input_at_ = static_cast<std::size_t>(data.data() - input_.data());
  } else {
    input_.assign(data);
    input_at_ = 0;
  }
}

// A part of a request is here, or none.
void Session::await_rest() {
  const Limits& limits = server().limits;
  // Fields that are not complete, or an endless line before a chunk.
  if (rest().size() > 2 * limits.header_bytes + lane_->buffer().size()) {
    refuse(Problem::kHeaderTooLarge);
    return;
  }
  if (exchange_ && parser_->is_header_done()) {
    if (body_since_ns_ == 0) {
      body_since_ns_ = monotonic_ns();
      deadline_ns_ = body_since_ns_ + limits.body_ms * kNsPerMs;
    }
    if (parser_->expects_continue() && !std::exchange(sent_continue_, true) &&
        exchange_->request.body.empty()) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      (void)::send(socket_->native_handle(), kContinue.data(), kContinue.size(),
                   MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  } else if (exchange_ && !header_begun_) {
    header_begun_ = true;
    deadline_ns_ = after_ms(limits.header_ms);
  }
  wait_for(Socket::wait_read, &Session::on_readable);
}

void Session::dispatch() {
  keep_alive_ = parser_->keep_alive();
  http10_ = parser_->http10();
  head_only_ = exchange_->request.method == boost::beast::http::verb::head;
  parser_.reset();
  body_since_ns_ = 0;
  header_begun_ = false;
  deadline_ns_ = kNever;  // what is behind a route has limits of its own
  phase_ = Phase::kServing;

  // Answers that come at once wait until the route has returned: a thousand requests sent
  // ahead are a loop in advance(), not a thousand frames.
  dispatching_ = true;
  exchange_->hand_over();
  try {
    server().routes.dispatch(exchange_);
  } catch (const std::exception& error) {
    respond(serial_, error_response(500, "internal", error.what()));
  }
  exchange_.reset();
  dispatching_ = false;
  if (ready_ && phase_ == Phase::kServing) {
    Response response = std::move(*ready_);
    ready_.reset();
    write(std::move(response), !keep_alive_);
  }
}

void Session::respond(std::uint64_t serial, Response response) {
  std::uint64_t former = serial - 1;
  if (!answered_.compare_exchange_strong(former, serial)) return;
  if (lane_->loop().get_executor().running_in_this_thread()) {
    deliver(serial, std::move(response));
    return;
  }
  boost::asio::post(lane_->loop(),
                    [self = shared_from_this(), serial, answer = std::move(response)]() mutable {
                      self->deliver(serial, std::move(answer));
                    });
}

void Session::deliver(std::uint64_t serial, Response response) {
  if (phase_ != Phase::kServing || serial != serial_) return;
  if (dispatching_) {
    ready_ = std::move(response);
    return;
  }
  try {
    write(std::move(response), !keep_alive_);
    if (phase_ == Phase::kReading) advance(rest());
  } catch (const std::exception&) {
    close();
  }
}

void Session::write(Response response, bool close_afterwards) {
  if (response.status < 200 || response.status > 599) {
    response = error_response(500, "internal",
                              "the answer has status " + std::to_string(response.status) +
                                  ", which is none of HTTP's from 200 to 599");
  }
  close_afterwards_ = close_afterwards || server().draining.load(std::memory_order_relaxed);
  const bool with_body = !head_only_ && has_body(response.status);
  std::string& head = lane_->text();
  head.clear();
  append_head(head, response,
              close_afterwards_ ? Connection::kClose
              : http10_         ? Connection::kKeepHttp10
                                : Connection::kKeep,
              lane_->date());
  server().counters->count_status(response.status);
  const Sent sent = unsent_.begin(socket_->native_handle(), head, response.body, with_body);
  if (sent == Sent::kAll) {
    answer_written();
    return;
  }
  if (sent == Sent::kFailed || !unsent_charge_.take(unsent_.bytes())) {
    close();
    return;
  }
  const Limits& limits = server().limits;
  phase_ = Phase::kWriting;
  deadline_ns_ =
      after_ms(limits.write_ms + unsent_.bytes() * 1000 / std::max(limits.write_rate, 1U));
  wait_for(Socket::wait_write, &Session::on_writable);
}

void Session::on_writable() {
  switch (unsent_.go_on(socket_->native_handle())) {
    case Sent::kLater:
      wait_for(Socket::wait_write, &Session::on_writable);
      return;
    case Sent::kFailed:
      close();
      return;
    case Sent::kAll:
      unsent_charge_.release();
      answer_written();
      if (phase_ == Phase::kReading) advance(rest());
      return;
  }
}

void Session::answer_written() {
  if (close_afterwards_) {
    linger();
    return;
  }
  phase_ = Phase::kReading;
  deadline_ns_ = after_ms(server().limits.idle_ms);
}

// A connection closed with bytes unread is reset, and the client may lose the answer. So
// this side is closed first, and what still comes is thrown away for a while.
void Session::linger() {
  parser_.reset();
  exchange_.reset();
  keep_rest({});
  phase_ = Phase::kLingering;
  deadline_ns_ = after_ms(server().limits.linger_ms);
  (void)::shutdown(socket_->native_handle(), SHUT_WR);
  wait_for(Socket::wait_read, &Session::on_readable);
}

void Session::discard() {
  auto& buffer = lane_->buffer();
  const ssize_t n = ::recv(socket_->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    close();
    return;
  }
  wait_for(Socket::wait_read, &Session::on_readable);
}

void Session::refuse(Problem problem) {
  head_only_ = false;
  const Limits& limits = server().limits;
  switch (problem) {
    case Problem::kHeaderTooLarge:
      write(error_response(431, "header_too_large",
                           "the header is larger than " + std::to_string(limits.header_bytes) +
                               " bytes, or has more than " + std::to_string(limits.header_fields) +
                               " fields"),
            true);
      return;
    case Problem::kBodyTooLarge:
      write(error_response(
                413, "too_large",
                "the body is larger than the " +
                    std::to_string(peer_.trusted ? limits.trusted_body_bytes : limits.body_bytes) +
                    " bytes allowed"),
            true);
      return;
    case Problem::kNoMemory: {
      Response response = error_response(
          503, "busy", "the bodies of other requests take all memory granted: try again");
      response.headers.emplace_back("Retry-After", "1");
      write(std::move(response), true);
      return;
    }
    case Problem::kMalformed:
    case Problem::kNone:
      write(error_response(400, "bad_input", "this is no request of HTTP/1.0 or HTTP/1.1"), true);
      return;
  }
}

void Session::sweep(std::uint64_t now_ns) {
  if (server().draining.load(std::memory_order_relaxed)) close_if_idle();
  if (phase_ == Phase::kClosed) return;
  if (now_ns >= deadline_ns_ || body_too_slow(now_ns)) time_out();
}

bool Session::body_too_slow(std::uint64_t now_ns) const {
  if (phase_ != Phase::kReading || body_since_ns_ == 0) return false;
  const Limits& limits = lane_->server().limits;
  const std::uint64_t ms = (now_ns - std::min(now_ns, body_since_ns_)) / kNsPerMs;
  return ms > limits.body_grace_ms &&
         exchange_->request.body.size() < (ms - limits.body_grace_ms) * limits.body_rate / 1000;
}

void Session::time_out() {
  if (phase_ == Phase::kReading && !exchange_ && serial_ > 0) {  // idle: nothing wrong with it
    close();
    return;
  }
  if (phase_ != Phase::kLingering) server().counters->timed_out.fetch_add(1);
  if (phase_ != Phase::kReading || !exchange_) {
    close();
    return;
  }
  head_only_ = false;
  write(error_response(408, "timeout",
                       body_since_ns_ != 0 ? "the request's body came too slowly"
                                           : "the request's header came too slowly"),
        true);
}

void Session::close_if_idle() {
  if (phase_ != Phase::kReading || exchange_) return;
  char first = 0;
  // A request may be here already, unread.
  if (::recv(socket_->native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) close();
}

void Session::close() {
  if (phase_ == Phase::kClosed) return;
  const auto keep = shared_from_this();
  phase_ = Phase::kClosed;
  parser_.reset();
  exchange_.reset();
  ready_.reset();
  unsent_ = Unsent();
  unsent_charge_.release();
  socket_.reset();
  lane_->forget(place_);
}

}  // namespace fw::gateway::http

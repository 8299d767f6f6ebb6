#include "bench/serving/load.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "bench/interrupt.h"

namespace fw::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kSlice = std::chrono::milliseconds(100);
constexpr std::size_t kMostConnections = 20'000;
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;  // of an answer

// Descriptors for the connections, as far as the hard limit allows.
void allow_descriptors(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = connections + 256;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Load;

// One connection, opened by its first request and kept for the next.
class Connection {
 public:
  Connection(Load& load, asio::io_context& loop) : load_(load), stream_(loop) {}

  void send(Shot shot);

 private:
  void connect();
  void write();
  void read();
  void answered();
  void failed(const char* attempted, error_code error);

  Load& load_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  std::optional<http::response_parser<http::string_body>> parser_;
  Shot shot_;
  bool reused_ = false;  // it served a request before this one
};

class Load {
 public:
  Load(const LoadOptions& options, const NextShot& next, const OnHit& hit)
      : options_(options), next_(next), hit_(hit), timer_(loop_) {}

  Status run() {
    started_ns_ = monotonic_ns();
    fetch();
    pump();
    while (!done()) {
      loop_.restart();
      loop_.run_for(kSlice);
      FW_TRY(check_interrupt());
      if (options_.tick) FW_TRY(options_.tick());
      if (options_.limit_ns != 0 && monotonic_ns() - started_ns_ > options_.limit_ns) {
        return fail(Errc::kTimeout, std::to_string(under_way_) +
                                        " requests were still under way when their time was up");
      }
    }
    return {};
  }

  // Of a connection.
  const LoadOptions& options() const { return options_; }
  void finish(Connection& connection, const Shot& shot, unsigned status, std::string_view body,
              std::string_view failure) {
    const std::uint64_t due_ns = started_ns_ + shot.at_ns;
    const std::uint64_t now = monotonic_ns();
    --under_way_;
    hit_({&shot, status, body, failure, now > due_ns ? now - due_ns : 0});
    idle_.push_back(&connection);
    pump();
  }

 private:
  bool done() const { return under_way_ == 0 && !waiting_; }

  void fetch() { waiting_ = next_(); }

  // Sends what is due, as far as there are connections.
  void pump() {
    if (pumping_) return;  // finish() was called from below
    pumping_ = true;
    while (waiting_) {
      const std::uint64_t passed = monotonic_ns() - started_ns_;
      if (waiting_->at_ns > passed) {
        wake_after(waiting_->at_ns - passed);
        break;
      }
      Connection* connection = take_connection();
      if (connection == nullptr) break;  // when one is free again
      Shot shot = std::move(*waiting_);
      fetch();
      ++under_way_;
      connection->send(std::move(shot));
    }
    pumping_ = false;
  }

  Connection* take_connection() {
    if (!idle_.empty()) {
      Connection* const connection = idle_.back();
      idle_.pop_back();
      return connection;
    }
    if (all_.size() >= options_.connections) return nullptr;
    return all_.emplace_back(std::make_unique<Connection>(*this, loop_)).get();
  }

  void wake_after(std::uint64_t ns) {
    timer_.expires_after(std::chrono::nanoseconds(ns));
    timer_.async_wait([this](error_code error) {
      if (!error) pump();
    });
  }

  const LoadOptions& options_;
  const NextShot& next_;
  const OnHit& hit_;
  asio::io_context loop_{1};
  asio::steady_timer timer_;
  std::uint64_t started_ns_ = 0;
  std::optional<Shot> waiting_;  // the next one of the schedule
  std::size_t under_way_ = 0;
  bool pumping_ = false;
  std::vector<std::unique_ptr<Connection>> all_;
  std::vector<Connection*> idle_;  // the last used at the end
};

void Connection::send(Shot shot) {
  shot_ = std::move(shot);
  request_ = {http::verb::post, shot_.target, 11};
  request_.set(http::field::host, "127.0.0.1");
  request_.set(http::field::content_type, "application/json");
  request_.body() = shot_.body;
  request_.prepare_payload();
  reused_ = stream_.socket().is_open();
  reused_ ? write() : connect();
}

void Connection::connect() {
  stream_.expires_after(std::chrono::milliseconds(load_.options().timeout_ms));
  stream_.async_connect(
      asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), load_.options().port),
      [this](error_code error) {
        if (error) return failed("connect", error);
        stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
        write();
      });
}

void Connection::write() {
  stream_.expires_after(std::chrono::milliseconds(load_.options().timeout_ms));
  http::async_write(stream_, request_, [this](error_code error, std::size_t) {
    if (error) return failed("send", error);
    read();
  });
}

void Connection::read() {
  parser_.emplace();
  parser_->body_limit(kMostBytes);
  http::async_read(stream_, buffer_, *parser_, [this](error_code error, std::size_t) {
    if (error) return failed("read", error);
    answered();
  });
}

void Connection::answered() {
  stream_.expires_never();
  const auto& response = parser_->get();
  if (!response.keep_alive()) stream_.close();
  load_.finish(*this, shot_, response.result_int(), response.body(), {});
}

void Connection::failed(const char* attempted, error_code error) {
  stream_.close();
  buffer_.clear();
  // A server may close a connection that was idle at the moment that it is used again.
  const bool untouched = !parser_ || !parser_->got_some();
  if (std::exchange(reused_, false) && untouched && error != beast::error::timeout) {
    parser_.reset();
    return connect();
  }
  load_.finish(*this, shot_, 0, {}, std::string(attempted) + ": " + error.message());
}

}  // namespace

Status run_load(const LoadOptions& options, const NextShot& next, const OnHit& hit) {
  if (options.connections == 0 || options.connections > kMostConnections) {
    return fail(Errc::kBadInput, "a load of " + std::to_string(options.connections) +
                                     " connections: expected 1 to " +
                                     std::to_string(kMostConnections));
  }
  allow_descriptors(options.connections);
  return Load(options, next, hit).run();
}

Result<std::string> ask_once(std::uint16_t port, const std::string& target,
                             const std::string& body) {
  LoadOptions options;
  options.port = port;
  options.connections = 1;
  bool asked = false;
  Result<std::string> answer = fail(Errc::kInternal, "nothing was asked");
  const NextShot next = [&]() -> std::optional<Shot> {
    if (std::exchange(asked, true)) return std::nullopt;
    return Shot{0, target, body, 0};
  };
  const OnHit hit = [&](const Hit& one) {
    if (one.status == 200) {
      answer = std::string(one.body);
    } else {
      answer = fail(Errc::kFunction, target + ": " +
                                         (one.status == 0 ? std::string(one.failure)
                                                          : "status " + std::to_string(one.status) +
                                                                ": " + std::string(one.body)));
    }
  };
  FW_TRY(run_load(options, next, hit));
  return answer;
}

}  // namespace fw::bench

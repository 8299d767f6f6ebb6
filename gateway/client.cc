#include "gateway/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <cstring>
#include <limits>

#include "base/clock.h"
#include "base/unique_fd.h"

namespace fw::gateway {

namespace {

namespace http = boost::beast::http;

Result<UniqueFd> connect_to(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.size() >= sizeof address.sun_path) {
    return fail(Errc::kNotFound, "no daemon can listen on " + text + ": the path is too long");
  }
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket");
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return socket;
  }
  const int error = errno;
  if (error == ENOENT || error == ECONNREFUSED || error == ENOTDIR) {
    return fail(Errc::kNotFound, "no daemon listens on " + text);
  }
  if (error == EAGAIN) return fail(Errc::kBusy, "the daemon on " + text + " takes no connection");
  return fail(Error::from_errno("connect to " + text, error));
}

class Deadline {
 public:
  explicit Deadline(std::uint64_t ms) : at_ns_(monotonic_ns() + ms * kNsPerMs) {}

  // Waits until the socket can be read or written.
  Status wait(int socket, short what) const {
    for (;;) {
      const std::uint64_t now = monotonic_ns();
      if (now >= at_ns_) return fail(Errc::kTimeout, "the daemon did not answer in time");
      const std::uint64_t ms = (at_ns_ - now) / kNsPerMs + 1;
      pollfd poll{socket, what, 0};
      const int ready = ::poll(
          &poll, 1, static_cast<int>(std::min<std::uint64_t>(ms, std::numeric_limits<int>::max())));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return fail_errno("poll");
    }
  }

 private:
  std::uint64_t at_ns_;
};

// True when all was sent; false when the daemon reads no more: it may have answered.
Result<bool> send_all(int socket, std::string_view text, const Deadline& deadline) {
  while (!text.empty()) {
    const ssize_t n = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      FW_TRY(deadline.wait(socket, POLLOUT));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return false;
    } else if (errno != EINTR) {
      return fail_errno("send to the daemon");
    }
  }
  return true;
}

Result<HttpAnswer> receive(int socket, bool head_only, const Deadline& deadline) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.skip(head_only);
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  parser.header_limit(1 << 20);
  std::string pending;
  std::string buffer(64 << 10, '\0');
  while (!parser.is_done()) {
    const ssize_t n = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EAGAIN) {
      FW_TRY(deadline.wait(socket, POLLIN));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Errc::kDied, "the daemon ended the connection without an answer");
    pending.append(buffer, 0, static_cast<std::size_t>(n));
    boost::beast::error_code problem;
    const std::size_t used =
        parser.put(boost::asio::const_buffer(pending.data(), pending.size()), problem);
    pending.erase(0, used);
    if (problem && problem != http::error::need_more) {
      return fail(Errc::kInternal, "the daemon's answer is no HTTP: " + problem.message());
    }
  }
  http::response<http::string_body> response = parser.release();
  HttpAnswer answer;
  answer.status = response.result_int();
  for (const auto& field : response) {
    answer.headers.emplace_back(field.name_string(), field.value());
  }
  answer.body = std::move(response.body());
  return answer;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (boost::beast::iequals(known, {name.data(), name.size()})) return value;
  }
  return {};
}

Result<HttpAnswer> request_over_unix_socket(
    const std::filesystem::path& path, std::string_view method, std::string_view target,
    const std::vector<std::pair<std::string, std::string>>& headers, std::string_view body,
    std::uint64_t timeout_ms) {
  const Deadline deadline(timeout_ms);
  FW_TRY_ASSIGN(const UniqueFd socket, connect_to(path));
  std::string text(method);
  text.append(" ").append(target).append(
      " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ");
  text.append(std::to_string(body.size())).append("\r\n");
  for (const auto& [name, value] : headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append("\r\n").append(body);
  FW_TRY_ASSIGN(const bool sent, send_all(socket.get(), text, deadline));
  (void)sent;  // a refusal may be there to read
  return receive(socket.get(), method == "HEAD", deadline);
}

}  // namespace fw::gateway

#include "tests/gateway/raw_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "gateway/http/address.h"

namespace fw::testing {

namespace {

[[noreturn]] void fail_now(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

UniqueFd connected(const sockaddr* address, socklen_t length) {
  UniqueFd socket(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{20, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket.get(), address, length) != 0) fail_now("connect");
  return socket;
}

UniqueFd connected(const std::string& text) {
  const auto address = gateway::http::parse_address(text).value();
  return connected(address.get(), address.length);
}

}  // namespace

RawClient::RawClient(UniqueFd socket) : socket_(std::move(socket)) {}
RawClient::RawClient(const std::string& address) : socket_(connected(address)) {}

RawClient RawClient::to_unix(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return RawClient(connected(reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

void RawClient::send(std::string_view text) {
  if (!try_send(text)) fail_now("send");
}

bool RawClient::try_send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
    if (n < 0) fail_now("send");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawClient::half_close() { ::shutdown(socket_.get(), SHUT_WR); }

void RawClient::reset() {
  const linger how{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &how, sizeof how);
  socket_.reset();
}

bool RawClient::receive() {
  char buffer[64 << 10];
  const ssize_t n = ::recv(socket_.get(), buffer, sizeof buffer, 0);
  if (n < 0 && errno == ECONNRESET) return false;
  if (n < 0) fail_now("receive");
  received_.append(buffer, static_cast<std::size_t>(n));
  return n > 0;
}

RawAnswer RawClient::answer(bool to_head) {
  RawAnswer answer;
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return answer;
  }
  std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  answer.status = static_cast<unsigned>(std::stoul(head.substr(head.find(' ') + 1)));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t line_end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = head.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  if (!to_head && answer.headers.count("content-length") > 0) {
    answer.body = read(std::stoul(answer.headers["content-length"]));
  }
  return answer;
}

RawAnswer RawClient::ask(std::string_view method, std::string_view path, std::string_view body,
                         std::string_view headers) {
  std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n";
  text += headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  send(text);
  return answer(method == "HEAD");
}

std::string RawClient::read_to_end() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

std::string RawClient::read(std::size_t bytes) {
  while (received_.size() < bytes && receive()) {
  }
  std::string text = received_.substr(0, bytes);
  received_.erase(0, text.size());
  return text;
}

}  // namespace fw::testing

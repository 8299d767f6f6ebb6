#include "gateway/http/unsent.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace fw::gateway::http {

namespace {

// Sends from byte `at` of head and body, which are one text; moves `at` on.
Sent send_some(int socket, std::string_view head, std::string_view body, std::size_t& at) {
  while (at < head.size() + body.size()) {
    const std::string_view first = head.substr(std::min(at, head.size()));
    const std::string_view second = body.substr(at - (head.size() - first.size()));
    std::array<iovec, 2> parts{{{const_cast<char*>(first.data()), first.size()},
                                {const_cast<char*>(second.data()), second.size()}}};
    msghdr message{};
    message.msg_iov = first.empty() ? &parts[1] : parts.data();
    message.msg_iovlen = first.empty() || second.empty() ? 1 : 2;
    const ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN ? Sent::kLater : Sent::kFailed;
    at += static_cast<std::size_t>(n);
  }
  return Sent::kAll;
}

}  // namespace

Sent Unsent::begin(int socket, std::string_view head, std::string& body, bool with_body) {
  at_ = 0;
  const Sent sent = send_some(socket, head, with_body ? body : std::string_view(), at_);
  if (sent == Sent::kLater) {
    head_ = head;
    if (with_body) body_ = std::move(body);
  }
  return sent;
}

Sent Unsent::go_on(int socket) {
  const Sent sent = send_some(socket, head_, body_, at_);
  if (sent == Sent::kAll) *this = Unsent();
  return sent;
}

}  // namespace fw::gateway::http

// Unsent: an answer on its way into a socket. Nearly always one system call takes all of
// it; the rest of a large one is kept here.
#pragma once

#include <string>
#include <string_view>

namespace fw::gateway::http {

enum class Sent { kAll, kLater, kFailed };

class Unsent {
 public:
  // Sends what the socket takes now. On kLater the rest is kept, `body` moved from.
  Sent begin(int socket, std::string_view head, std::string& body, bool with_body);

  // Sends on, when the socket takes more. On kAll nothing is kept.
  Sent go_on(int socket);

  std::size_t bytes() const { return head_.size() + body_.size() - at_; }

 private:
  std::string head_;
  std::string body_;
  std::size_t at_ = 0;  // in the two, one after the other
};

}  // namespace fw::gateway::http

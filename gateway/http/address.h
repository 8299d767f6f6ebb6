// Socket addresses as users write them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::gateway::http {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// "127.0.0.1:8080", "[::1]:0", "localhost:80"; port 0 lets the kernel choose.
// kBadInput for anything else.
Result<Address> parse_address(std::string_view text);

// The other way round.
std::string to_text(const Address& address);

// What a socket is bound to.
Result<Address> local_address(int socket);

}  // namespace fw::gateway::http

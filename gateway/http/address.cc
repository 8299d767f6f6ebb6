#include "gateway/http/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace fw::gateway::http {

namespace {

Error not_an_address(std::string_view text) {
  return {Errc::kBadInput, "'" + std::string(text) +
                               "' is no address to listen on: write IP:PORT, as in "
                               "127.0.0.1:8080 or [::1]:8080"};
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(not_an_address(text));
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || problem != std::errc() || end != digits.data() + digits.size()) {
    return fail(not_an_address(text));
  }

  Address address;
  if (host.starts_with('[') && host.ends_with(']')) {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    const std::string inner(host.substr(1, host.size() - 2));
    if (::inet_pton(AF_INET6, inner.c_str(), &v6->sin6_addr) != 1) {
      return fail(not_an_address(text));
    }
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.length = sizeof *v6;
    return address;
  }
  if (host == "localhost") host = "127.0.0.1";
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (::inet_pton(AF_INET, std::string(host).c_str(), &v4->sin_addr) != 1) {
    return fail(not_an_address(text));
  }
  v4->sin_family = AF_INET;
  v4->sin_port = htons(port);
  address.length = sizeof *v4;
  return address;
}

std::string to_text(const Address& address) {
  char host[INET6_ADDRSTRLEN] = "";
  if (address.family() == AF_INET) {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    ::inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
    return std::string(host) + ":" + std::to_string(ntohs(v4->sin_port));
  }
  if (address.family() == AF_INET6) {
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
    return "[" + std::string(host) + "]:" + std::to_string(ntohs(v6->sin6_port));
  }
  return "unknown";
}

Result<Address> local_address(int socket) {
  Address address;
  address.length = sizeof address.storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) {
    return fail_errno("getsockname");
  }
  return address;
}

}  // namespace fw::gateway::http

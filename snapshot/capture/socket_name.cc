#include "snapshot/capture/socket_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstring>

namespace fw::capture {
namespace {

int option(int fd, int which) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, which, &value, &size) == 0 ? value : -1;
}

std::string_view kind_of(int domain, int type) {
  if (domain == AF_UNIX) return "a unix socket";
  if (domain == AF_NETLINK) return "a netlink socket";
  if (domain != AF_INET && domain != AF_INET6) return "a socket";
  if (type == SOCK_STREAM) return "a TCP socket";
  return type == SOCK_DGRAM ? "a UDP socket" : "a raw socket";
}

void add_address(const sockaddr_storage& address, socklen_t size, SocketName* name) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    name->add(::inet_ntop(AF_INET, &in.sin_addr, text, sizeof text));
    name->add(":");
    name->add_number(ntohs(in.sin_port));
  } else if (address.ss_family == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address);
    name->add("[");
    name->add(::inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text));
    name->add("]:");
    name->add_number(ntohs(in.sin6_port));
  } else if (address.ss_family == AF_UNIX) {
    const auto& un = reinterpret_cast<const sockaddr_un&>(address);
    const std::size_t length =
        size > offsetof(sockaddr_un, sun_path) ? size - offsetof(sockaddr_un, sun_path) : 0;
    if (length == 0) {
      name->add("an unnamed peer (socketpair?)");
    } else {
      name->add(un.sun_path[0] == '\0' ? "@" : "");
      name->add(un.sun_path[0] == '\0' ? un.sun_path + 1 : un.sun_path);
    }
  } else {
    name->add("a peer");
  }
}

}  // namespace

void SocketName::add(std::string_view part) {
  for (const char c : part) {
    if (length_ < sizeof text_ - 1) text_[length_++] = c;
  }
}

void SocketName::add_number(unsigned value) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  add({digits, static_cast<std::size_t>(end - digits)});
}

void describe_socket(int fd, SocketName* name) {
  name->add(kind_of(option(fd, SO_DOMAIN), option(fd, SO_TYPE)));
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (option(fd, SO_ACCEPTCONN) == 1 &&
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    name->add(" listening on ");
    add_address(address, size, name);
  } else if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    name->add(" connected to ");
    add_address(address, size, name);
  } else {
    name->add(" that is not connected");
  }
}

}  // namespace fw::capture

// Sockets of other kinds: pairs, named ones, datagrams, version 6, netlink.
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

const char* image = nullptr;

void expect_refused_and_close(int fd, std::initializer_list<std::string_view> words) {
  EXPECT_OK(fd);
  expect_refused(image, -EBUSY, {"descriptor " + std::to_string(fd)});
  expect_refused(image, -EBUSY, words);
  ::close(fd);
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  int pair[2];
  EXPECT_OK(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  expect_refused(image, -EBUSY, {"descriptor " + std::to_string(pair[0]), "unix", "socketpair"});
  ::close(pair[1]);
  expect_refused_and_close(pair[0], {"unix socket"});

  const int named = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un here{AF_UNIX, "@hidden/address of this guest"};
  here.sun_path[0] = '\0';
  EXPECT_OK(::bind(named, reinterpret_cast<sockaddr*>(&here), sizeof here));
  EXPECT_OK(::listen(named, 1));
  expect_refused_and_close(named, {"unix", "listening on @hidden/address of this guest"});

  const int datagrams = ::socket(AF_INET6, SOCK_DGRAM, 0);
  if (datagrams >= 0) {
    sockaddr_in6 peer{};
    peer.sin6_family = AF_INET6;
    peer.sin6_addr = in6addr_loopback;
    peer.sin6_port = htons(9);
    const bool connected =
        ::connect(datagrams, reinterpret_cast<sockaddr*>(&peer), sizeof peer) == 0;
    expect_refused_and_close(datagrams,
                             {"UDP", connected ? "connected to [::1]:9" : "not connect"});
  }
  expect_refused_and_close(::socket(AF_INET, SOCK_STREAM, 0), {"TCP", "not connected"});
  expect_refused_and_close(::socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), {"netlink"});

  snapshot(image);
}

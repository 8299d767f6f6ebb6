// A connected TCP socket: the peer knows nothing of a snapshot.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_OK(::bind(listener, reinterpret_cast<sockaddr*>(&address), size));
  EXPECT_OK(::listen(listener, 1));
  EXPECT_OK(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size));
  const std::string where = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  expect_refused(argv[1], -EBUSY,
                 {"descriptor " + std::to_string(listener), "TCP", "listening on " + where});

  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  EXPECT_OK(::connect(client, reinterpret_cast<sockaddr*>(&address), size));
  const int server = ::accept(listener, nullptr, nullptr);
  EXPECT_OK(server);
  ::close(listener);
  expect_refused(argv[1], -EBUSY,
                 {"descriptor " + std::to_string(client), "TCP", "connected to " + where});
  // It was not disturbed.
  char byte = 0;
  EXPECT_EQ(::write(client, "x", 1), 1);
  EXPECT_EQ(::read(server, &byte, 1), 1);
  ::close(client);
  ::close(server);

  snapshot(argv[1]);
}

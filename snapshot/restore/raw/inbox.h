// The receiving end of message.h.
#pragma once

#include "snapshot/restore/raw/message.h"

namespace fw::raw {

// What came with a message.
struct Received {
  Message message;
  int fds[kMaxMessageFds];
  unsigned fd_count;
  bool fds_lost;  // not all descriptors could be received: too many are open
};

// Waits for a message. False when the other end is closed; refuses what is malformed.
bool receive(int socket, Received* received);

// Turns a message into orders. What a message does not carry stays as it is in `orders`.
void read_message(const Received& received, Orders* orders);

void close_received(const Received& received);

}  // namespace fw::raw

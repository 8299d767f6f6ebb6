// The sending end of raw/message.h.
#pragma once

#include <array>

#include "snapshot/restore/raw/message.h"
#include "snapshot/snapshot.h"

namespace fw::restore {

// A message under construction. Descriptors are borrowed until it was sent.
class Outbox {
 public:
  explicit Outbox(raw::MessageKind kind);

  // Before all that follows, in this order.
  void add_image(int fd) { carry(raw::kCarriesImage, fd); }
  void add_pack(int fd) { carry(raw::kCarriesPack, fd); }
  void add_pagemap(int fd) { carry(raw::kCarriesPagemap, fd); }
  void add_owner(int pidfd, int death_signal);

  // The request's flags, fds and externals. 0 or -E2BIG, -EINVAL.
  int add(const fw_restore_request& request);

  // Only the fds with targets 0, 1 and 2.
  int add_standard_streams(const fw_restore_request& request);

  // Does not wait. 0 or a negative errno: -EAGAIN when the socket is full, -EPIPE when
  // nobody holds the other end.
  int send(int socket) const;

 private:
  void carry(raw::MessageCarries what, int fd);
  int add_fds(const fw_restore_request& request, int highest_target);

  raw::Message message_{};
  std::array<int, raw::kMaxMessageFds> fds_{};
  unsigned fd_count_ = 0;
};

}  // namespace fw::restore

#include "snapshot/restore/outbox.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <climits>
#include <cstring>

namespace fw::restore {

Outbox::Outbox(raw::MessageKind kind) {
  message_.magic = raw::kMessageMagic;
  message_.kind = kind;
}

void Outbox::carry(raw::MessageCarries what, int fd) {
  message_.carries |= what;
  fds_[fd_count_++] = fd;
}

void Outbox::add_owner(int pidfd, int death_signal) {
  carry(raw::kCarriesOwner, pidfd);
  message_.parent_death_signal = death_signal;
}

int Outbox::add_fds(const fw_restore_request& request, int highest_target) {
  for (std::size_t i = 0; i < request.fd_count; ++i) {
    const fw_restore_fd& fd = request.fds[i];
    if (fd.target > highest_target) continue;
    if (fd.target < 0) return -EINVAL;
    if (message_.fd_count == raw::kMaxOrderFds) return -E2BIG;
    message_.targets[message_.fd_count++] = fd.target;
    fds_[fd_count_++] = fd.source;
  }
  return 0;
}

int Outbox::add(const fw_restore_request& request) {
  if (request.external_count > raw::kMaxOrderFds) return -E2BIG;
  message_.flags = request.flags;
  for (std::size_t i = 0; i < request.external_count; ++i) {
    const fw_restore_external& external = request.externals[i];
    message_.externals[message_.external_count++] = {external.offset, external.tag, 0};
    fds_[fd_count_++] = external.fd;
  }
  return add_fds(request, INT_MAX);
}

int Outbox::add_standard_streams(const fw_restore_request& request) { return add_fds(request, 2); }

int Outbox::send(int socket) const {
  iovec piece{const_cast<raw::Message*>(&message_), sizeof message_};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fds_)]{};
  msghdr packet{};
  packet.msg_iov = &piece;
  packet.msg_iovlen = 1;
  if (fd_count_ > 0) {
    packet.msg_control = control;
    packet.msg_controllen = CMSG_SPACE(fd_count_ * sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&packet);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fd_count_ * sizeof(int));
    std::memcpy(CMSG_DATA(header), fds_.data(), fd_count_ * sizeof(int));
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return 0;
  // Descriptors under way are limited, too, as if they were open.
  if (errno == ETOOMANYREFS) return -EAGAIN;
  return errno == ECONNRESET ? -EPIPE : -errno;
}

}  // namespace fw::restore

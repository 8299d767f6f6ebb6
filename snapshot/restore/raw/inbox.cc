#include "snapshot/restore/raw/inbox.h"

#include <asm/errno.h>

#include <initializer_list>

#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

// As the kernel has them; its headers for programs leave them to the C library.
struct Piece {
  void* data;
  std::uint64_t size;
};
struct PacketHeader {  // struct user_msghdr
  void* name;
  std::int32_t name_size;
  Piece* pieces;
  std::uint64_t piece_count;
  void* control;
  std::uint64_t control_size;
  std::uint32_t flags;
};
struct ControlHeader {  // struct cmsghdr
  std::uint64_t size;
  std::int32_t level;
  std::int32_t type;
};
constexpr int kSolSocket = 1;
constexpr int kScmRights = 1;
constexpr std::uint32_t kControlCut = 0x8;  // MSG_CTRUNC

[[noreturn]] void refuse_message(const char* reason) {
  refuse("refused", "a message of orders", reason);
}

unsigned descriptors_of(const Message& message) {
  unsigned count = message.external_count + message.fd_count;
  for (const std::uint32_t one : {kCarriesImage, kCarriesPack, kCarriesOwner, kCarriesPagemap}) {
    if ((message.carries & one) != 0) ++count;
  }
  return count;
}

// Where this process has a standard stream closed, a descriptor may arrive in its place,
// and would be overwritten by the stream that is ordered.
int clear_of_streams(int fd) {
  if (fd > 2) return fd;
  const long moved = call(__NR_fcntl, fd, 0 /* F_DUPFD */, 3);
  if (failed(moved)) refuse_errno("cannot move a descriptor", nullptr, moved);
  call(__NR_close, fd);
  return static_cast<int>(moved);
}

void check(const Received& received, long size) {
  const Message& message = received.message;
  if (size != sizeof message || message.magic != kMessageMagic) {
    refuse_message("it is of another build of fwrun");
  }
  if (message.external_count > kMaxOrderFds || message.fd_count > kMaxOrderFds) {
    refuse_message("it has too many descriptors");
  }
  for (unsigned i = 0; i < message.fd_count; ++i) {
    if (message.targets[i] < 0) refuse_message("no descriptor has a negative number");
  }
  if (!received.fds_lost && received.fd_count != descriptors_of(message)) {
    refuse_message("descriptors are missing");
  }
}

}  // namespace

bool receive(int socket, Received* received) {
  struct {
    ControlHeader header;
    std::int32_t fds[kMaxMessageFds];
  } control{};
  Piece piece{&received->message, sizeof received->message};
  PacketHeader packet{};
  packet.pieces = &piece;
  packet.piece_count = 1;
  packet.control = &control;
  packet.control_size = sizeof control;
  long size = 0;
  do {
    size = call(__NR_recvmsg, socket, &packet, 0);
  } while (size == -EINTR);
  if (size == 0 || size == -ECONNRESET) return false;
  if (failed(size)) refuse_errno("cannot receive orders", nullptr, size);
  received->fd_count = 0;
  if (packet.control_size >= sizeof control.header && control.header.level == kSolSocket &&
      control.header.type == kScmRights) {
    received->fd_count =
        static_cast<unsigned>((control.header.size - sizeof control.header) / sizeof(int));
    for (unsigned i = 0; i < received->fd_count; ++i)
      received->fds[i] = clear_of_streams(control.fds[i]);
  }
  received->fds_lost = (packet.flags & kControlCut) != 0;
  check(*received, size);
  return true;
}

void read_message(const Received& received, Orders* orders) {
  const Message& message = received.message;
  const int* next = received.fds;
  if ((message.carries & kCarriesImage) != 0) orders->image_fd = *next++;
  if ((message.carries & kCarriesPack) != 0) orders->pack_fd = *next++;
  if ((message.carries & kCarriesOwner) != 0) orders->owner_fd = *next++;
  if ((message.carries & kCarriesPagemap) != 0) orders->pagemap_fd = *next++;
  if (message.kind == MessageKind::kTemplate) {
    orders->parent_death_signal = message.parent_death_signal;
  }
  orders->flags = message.flags;
  orders->external_count = message.external_count;
  for (unsigned i = 0; i < message.external_count; ++i) {
    orders->externals[i] = {message.externals[i].tag, *next++, message.externals[i].offset};
  }
  orders->fd_count = message.fd_count;
  for (unsigned i = 0; i < message.fd_count; ++i) orders->fds[i] = {*next++, message.targets[i]};
}

void close_received(const Received& received) {
  for (unsigned i = 0; i < received.fd_count; ++i) call(__NR_close, received.fds[i]);
}

}  // namespace fw::raw

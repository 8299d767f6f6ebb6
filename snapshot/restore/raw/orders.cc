#include "snapshot/restore/raw/orders.h"

#include "snapshot/restore/raw/print.h"

namespace fw::raw {
namespace {

// Consumes `prefix` from the front of `*text`.
bool take_prefix(const char** text, const char* prefix) {
  const char* t = *text;
  while (*prefix != '\0') {
    if (*t++ != *prefix++) return false;
  }
  *text = t;
  return true;
}

std::uint64_t take_number(const char** text, const char* order) {
  if (**text < '0' || **text > '9') refuse("malformed order", order, "a number is missing");
  std::uint64_t value = 0;
  for (; **text >= '0' && **text <= '9'; ++*text) {
    value = value * 10 + static_cast<std::uint64_t>(**text - '0');
  }
  if (**text == ':') ++*text;
  return value;
}

int take_fd(const char** text, const char* order) {
  const std::uint64_t value = take_number(text, order);
  if (value > 0x7fffffff) refuse("malformed order", order, "no descriptor has that number");
  return static_cast<int>(value);
}

void read_order(const char* order, Orders* orders) {
  const char* rest = order;
  if (take_prefix(&rest, "pidns")) {
    orders->pid_namespace = true;
  } else if (take_prefix(&rest, "cpu:")) {
    orders->cpu_known = true;
    orders->cpu_hash = take_number(&rest, order);
  } else if (take_prefix(&rest, "flags:")) {
    orders->flags = static_cast<std::uint32_t>(take_number(&rest, order));
  } else if (take_prefix(&rest, "pack:")) {
    orders->pack_fd = take_fd(&rest, order);
  } else if (take_prefix(&rest, "fd:")) {
    if (orders->fd_count == kMaxOrderFds) refuse("too many descriptors ordered");
    FdOrder& fd = orders->fds[orders->fd_count++];
    fd.source = take_fd(&rest, order);
    fd.target = take_fd(&rest, order);
  } else if (take_prefix(&rest, "ext:")) {
    if (orders->external_count == kMaxOrderFds) refuse("too many external ranges ordered");
    ExternalOrder& external = orders->externals[orders->external_count++];
    external.tag = static_cast<std::uint32_t>(take_number(&rest, order));
    external.fd = take_fd(&rest, order);
    external.offset = take_number(&rest, order);
  } else {
    refuse("unknown order", order);
  }
  if (*rest != '\0') refuse("malformed order", order);
}

}  // namespace

void read_orders(int argc, char** argv, Orders* orders) {
  if (argc < 2) {
    refuse(
        "usage: fwrun-restore IMAGE|@FD [pidns] [cpu:HASH] [flags:N] [pack:FD] "
        "[fd:SOURCE:TARGET]... [ext:TAG:FD:OFFSET]... or fwrun-restore wait:FD [pidns] [cpu:HASH]");
  }
  const char* image = argv[1];
  if (take_prefix(&image, "@")) {
    orders->image_fd = take_fd(&image, argv[1]);
  } else if (take_prefix(&image, "wait:")) {
    orders->wait_fd = take_fd(&image, argv[1]);
  } else {
    orders->image_path = argv[1];
  }
  for (int i = 2; i < argc; ++i) read_order(argv[i], orders);
}

}  // namespace fw::raw

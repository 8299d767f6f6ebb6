#include "tests/args/forked_clone.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "base/syscalls.h"

namespace fw::args {

namespace {

constexpr int kPartThrew = 99;

void make_pipe(UniqueFd& read_end, UniqueFd& write_end) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  read_end = UniqueFd(ends[0]);
  write_end = UniqueFd(ends[1]);
}

// One byte; false when the other side is gone.
bool read_byte(int fd) {
  char byte = 0;
  ssize_t n = 0;
  do {
    n = ::read(fd, &byte, 1);
  } while (n < 0 && errno == EINTR);
  return n == 1;
}

void write_byte(int fd) {
  if (::write(fd, "x", 1) != 1) ::_exit(kPartThrew);
}

}  // namespace

Process fork_child(const std::function<int()>& part) {
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    int code = kPartThrew;
    try {
      code = part();
    } catch (...) {
    }
    ::_exit(code);
  }
  UniqueFd pidfd(sys::pidfd_open(pid));
  REQUIRE(pidfd.valid());
  return {pid, std::move(pidfd)};
}

Process fork_clone(const Slot& slot, const std::function<int(Client&)>& part) {
  return fork_child([&] {
    if (slot.spill_fd() >= 0) ::dup2(slot.spill_fd(), kSpillTarget);
    const MappedSlot mapped(slot);
    Client client(mapped.data());
    return part(client);
  });
}

MappedSlot::MappedSlot(const Slot& slot) {
  auto mapping = Mapping::of_file(slot.memory_fd(), slot_bytes(), PROT_READ | PROT_WRITE,
                                  Mapping::Share::kShared);
  if (mapping) mapping_ = std::move(*mapping);
}

Gate::Gate() {
  make_pipe(here_read_, here_write_);
  make_pipe(go_read_, go_write_);
}

void Gate::pass() const { write_byte(here_write_.get()); }

void Gate::reach() const {
  pass();
  read_byte(go_read_.get());
}

bool Gate::wait_until_reached() {
  here_write_.reset();  // the child has its own; without ours its death is seen
  return read_byte(here_read_.get());
}

void Gate::open() const { write_byte(go_write_.get()); }

void sleep_until_killed() {
  for (;;) ::pause();
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  return bytes;
}

void wait_until_ended(const Process& process) {
  pollfd ended{process.pidfd(), POLLIN, 0};
  while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
}

}  // namespace fw::args

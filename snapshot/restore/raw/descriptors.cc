#include <asm/fcntl.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <linux/magic.h>
#include <linux/time_types.h>

#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

using image::Descriptor;
using image::DescriptorKind;
using image::Plan;

constexpr unsigned kMaxKept = 2 * kMaxOrderFds + 64 + 1 + kMaxResetFds;
constexpr std::uint64_t kDefaultPipeBytes = 65536;
constexpr unsigned long kSetTicks = _IOW('T', 0, std::uint64_t);  // TFD_IOC_SET_TICKS

// A small sorted set of descriptors that must survive the sweep.
class KeptFds {
 public:
  void add(int fd) {
    unsigned at = count_;
    while (at > 0 && fds_[at - 1] > fd) {
      fds_[at] = fds_[at - 1];
      --at;
    }
    fds_[at] = fd;
    ++count_;
  }
  void close_all_others() const {
    int from = 3;
    for (unsigned i = 0; i < count_; ++i) {
      if (fds_[i] > from) call(__NR_close_range, from, fds_[i] - 1, 0);
      if (fds_[i] >= from) from = fds_[i] + 1;
    }
    call(__NR_close_range, from, ~0U, 0);
  }

 private:
  int fds_[kMaxKept];
  unsigned count_ = 0;
};

void check_clear_of_image(const Plan* plan, int fd) {
  if (fd < plan->first_free_fd) {
    refuse("malformed order: a descriptor lies among the image's own; see first_free_fd");
  }
}

void sweep(const Plan* plan, const Orders& orders) {
  KeptFds kept;
  kept.add(orders.image_fd);
  for (unsigned i = 0; i < orders.fd_count; ++i) {
    if (orders.fds[i].source <= 2) continue;
    check_clear_of_image(plan, orders.fds[i].source);
    kept.add(orders.fds[i].source);
  }
  for (std::uint32_t i = 0; i < plan->shared.count; ++i) {
    kept.add(shared_object_fd(plan, orders, i));
  }
  int own[kMaxResetFds];
  for (unsigned i = 0, count = reset_fds(own); i < count; ++i) kept.add(own[i]);
  kept.close_all_others();  // the externals are mapped: their descriptors go, too
}

// Puts `made` at the number the image knows it by.
void place(int made, const Descriptor& d) {
  if (made == d.fd) return;
  const long r = call(__NR_dup3, made, d.fd, d.close_on_exec != 0 ? O_CLOEXEC : 0);
  call(__NR_close, made);
  if (failed(r)) refuse_errno("cannot place a descriptor", nullptr, r);
}

int check_made(long made, const char* what, const char* subject = nullptr) {
  if (failed(made)) refuse_errno(what, subject, made);
  return static_cast<int>(made);
}

int cloexec(const Descriptor& d) { return d.close_on_exec != 0 ? O_CLOEXEC : 0; }
int creation_flags(const Descriptor& d) {
  return cloexec(d) | static_cast<int>(d.status_flags & O_NONBLOCK);
}

// "/proc/self/fd/NUMBER"
void fd_path(int fd, char (&path)[32]) {
  constexpr char kFolder[] = "/proc/self/fd/";
  char digits[12];
  unsigned count = 0;
  do {
    digits[count++] = static_cast<char>('0' + fd % 10);
    fd /= 10;
  } while (fd != 0);
  unsigned at = 0;
  for (; kFolder[at] != '\0'; ++at) path[at] = kFolder[at];
  while (count > 0) path[at++] = digits[--count];
  path[at] = '\0';
}

// Files of /proc and /sys are made when they are looked at, and never the same.
bool is_made_by_kernel(int fd) {
  struct statfs filesystem;
  if (failed(call(__NR_fstatfs, fd, &filesystem))) return false;
  return filesystem.f_type == PROC_SUPER_MAGIC || filesystem.f_type == SYSFS_MAGIC;
}

void open_again(const Plan* plan, const Descriptor& d) {
  const char* path = image::text(plan, d.data);
  const int flags = (static_cast<int>(d.status_flags) & ~(O_CREAT | O_EXCL | O_TRUNC)) | cloexec(d);
  const int fd = check_made(call(__NR_open, path, flags, 0), "cannot open again", path);
  struct stat now;
  call(__NR_fstat, fd, &now);
  const bool regular = (now.st_mode & 0170000) == 0100000;
  const bool only_read = (d.status_flags & O_ACCMODE) == O_RDONLY;
  if (regular && only_read &&
      (static_cast<std::uint64_t>(now.st_size) != d.file_size ||
       static_cast<std::int64_t>(now.st_mtime) != d.mtime_seconds ||
       static_cast<std::int64_t>(now.st_mtime_nsec) != d.mtime_nanoseconds) &&
      !is_made_by_kernel(fd)) {
    refuse("stale: a file that was open has changed since,", path, "install the function again");
  }
  if (d.position != 0) call(__NR_lseek, fd, d.position, 0);
  place(fd, d);
}

void write_fully(int fd, const char* data, std::uint64_t length) {
  while (length > 0) {
    const long n = call(__NR_write, fd, data, length);
    if (failed(n)) refuse_errno("cannot refill a pipe", nullptr, n);
    data += n;
    length -= static_cast<std::uint64_t>(n);
  }
}

void set_pipe_end(int fd, const Descriptor& d) {
  call(__NR_fcntl, fd, F_SETFL, d.status_flags);
  call(__NR_fcntl, fd, F_SETFD, d.close_on_exec != 0 ? FD_CLOEXEC : 0);
  place(fd, d);
}

// Makes a pipe when its first end comes up; the second then exists already.
void make_pipe(const Plan* plan, const Orders& orders, const Descriptor* all, std::uint32_t index) {
  const Descriptor& first = all[index];
  if (first.index >= 0 && static_cast<std::uint32_t>(first.index) < index) return;
  const Descriptor* second = first.index >= 0 ? &all[first.index] : nullptr;
  const bool first_reads = first.kind == DescriptorKind::kPipeRead;
  const Descriptor* reader = first_reads ? &first : second;
  const Descriptor* writer = first_reads ? second : &first;

  int ends[2];
  check_made(call(__NR_pipe2, static_cast<int*>(ends), 0), "cannot make a pipe");
  if (first.position != kDefaultPipeBytes) {
    call(__NR_fcntl, ends[1], F_SETPIPE_SZ, first.position);
  }
  if (reader != nullptr) {
    write_fully(ends[1], image::text(plan, reader->data), reader->data.length);
    if (ends[1] == reader->fd) {  // it would be closed when the reader takes its number
      const int moved =
          check_made(call(__NR_fcntl, ends[1], F_DUPFD, orders.scratch_fd), "cannot place a pipe");
      call(__NR_close, ends[1]);
      ends[1] = moved;
    }
    set_pipe_end(ends[0], *reader);
  } else {
    call(__NR_close, ends[0]);
  }
  if (writer != nullptr) {
    set_pipe_end(ends[1], *writer);
  } else {
    call(__NR_close, ends[1]);
  }
}

void make_timer(const Descriptor& d) {
  const int fd =
      check_made(call(__NR_timerfd_create, d.index, creation_flags(d)), "cannot make a timerfd");
  const __kernel_itimerspec spec{
      {static_cast<long long>(d.times[2]), static_cast<long long>(d.times[3])},
      {static_cast<long long>(d.times[0]), static_cast<long long>(d.times[1])}};
  call(__NR_timerfd_settime, fd, 0, &spec, nullptr);
  if (d.value != 0) call(__NR_ioctl, fd, kSetTicks, &d.value);
  place(fd, d);
}

void make_event_counter(const Descriptor& d) {
  const int semaphore = d.index;  // EFD_SEMAPHORE or 0
  const int fd =
      check_made(call(__NR_eventfd2, 0, creation_flags(d) | semaphore), "cannot make an eventfd");
  if (d.value != 0) call(__NR_write, fd, &d.value, sizeof d.value);
  place(fd, d);
}

// The first descriptor of a memfd is the one it was made with. Those that follow are
// open files of their own, with a position each, or they would be kDuplicate.
void place_shared(const Plan* plan, const Orders& orders, const Descriptor* all,
                  std::uint32_t index) {
  const Descriptor& d = all[index];
  const int object = shared_object_fd(plan, orders, static_cast<std::uint32_t>(d.index));
  bool opened_again = (d.status_flags & O_ACCMODE) != O_RDWR;
  for (std::uint32_t i = 0; i < index && !opened_again; ++i) {
    opened_again = all[i].kind == DescriptorKind::kShared && all[i].index == d.index;
  }
  if (opened_again) {
    char path[32];
    fd_path(object, path);
    place(check_made(call(__NR_open, static_cast<const char*>(path),
                          (d.status_flags & O_ACCMODE) | cloexec(d)),
                     "cannot open shared memory again through", path),
          d);
  } else {
    check_made(call(__NR_dup3, object, d.fd, cloexec(d)), "cannot place shared memory");
  }
  call(__NR_fcntl, d.fd, F_SETFL, d.status_flags);
  call(__NR_lseek, d.fd, d.position, 0);
}

void make_descriptor(const Plan* plan, const Orders& orders, const Descriptor* all,
                     std::uint32_t index) {
  const Descriptor& d = all[index];
  switch (d.kind) {
    case DescriptorKind::kFile:
      open_again(plan, d);
      break;
    case DescriptorKind::kEventFd:
      make_event_counter(d);
      break;
    case DescriptorKind::kEpoll:
      place(check_made(call(__NR_epoll_create1, cloexec(d)), "cannot make an epoll set"), d);
      break;
    case DescriptorKind::kPipeRead:
    case DescriptorKind::kPipeWrite:
      make_pipe(plan, orders, all, index);
      break;
    case DescriptorKind::kTimerFd:
      make_timer(d);
      break;
    case DescriptorKind::kSignalFd:
      place(check_made(call(__NR_signalfd4, -1, &d.value, 8, creation_flags(d)),
                       "cannot make a signalfd"),
            d);
      break;
    case DescriptorKind::kShared:
      place_shared(plan, orders, all, index);
      break;
    case DescriptorKind::kDuplicate:
      check_made(call(__NR_dup3, all[d.index].fd, d.fd, cloexec(d)), "cannot duplicate");
      break;
  }
}

void fill_epoll_set(const Plan* plan, const Descriptor& d) {
  const auto* items = image::records<image::EpollItem>(plan, d.items);
  for (std::uint32_t i = 0; i < d.items.count; ++i) {
    epoll_event event{};
    event.events = items[i].events;
    event.data = items[i].data;
    const long r = call(__NR_epoll_ctl, d.fd, EPOLL_CTL_ADD, items[i].fd, &event);
    if (failed(r)) refuse_errno("cannot watch a descriptor by epoll", nullptr, r);
  }
}

void place_ordered(const Plan* plan, const Orders& orders) {
  for (unsigned i = 0; i < orders.fd_count; ++i) {
    const FdOrder& order = orders.fds[i];
    if (order.source == order.target) continue;
    check_clear_of_image(plan, order.target);
    check_made(call(__NR_dup3, order.source, order.target, 0), "cannot hand on a descriptor");
    if (order.source > 2) call(__NR_close, order.source);
  }
}

// Moves a descriptor to where numbers have no meaning.
int lift(int fd, const Orders& orders, const char* what) {
  return check_made(call(__NR_fcntl, fd, F_DUPFD_CLOEXEC, orders.scratch_fd), what);
}

bool is_target(const Orders& orders, int fd) {
  for (unsigned i = 0; i < orders.fd_count; ++i) {
    if (orders.fds[i].target == fd) return true;
  }
  return false;
}

}  // namespace

void close_all_but(const int* fds, unsigned count) {
  KeptFds kept;
  for (unsigned i = 0; i < count; ++i) kept.add(fds[i]);
  kept.close_all_others();
}

void settle_descriptors(const Plan* plan, Orders* orders) {
  int scratch = plan->first_free_fd;
  const auto above = [&scratch](int fd) { scratch = fd >= scratch ? fd + 1 : scratch; };
  for (unsigned i = 0; i < orders->fd_count; ++i) {
    above(orders->fds[i].source);
    above(orders->fds[i].target);
  }
  for (unsigned i = 0; i < orders->external_count; ++i) above(orders->externals[i].fd);
  orders->scratch_fd = scratch;
  const auto in_the_way = [&](int fd) {
    return fd < plan->first_free_fd || is_target(*orders, fd);
  };
  if (in_the_way(orders->image_fd)) {
    orders->image_fd = lift(orders->image_fd, *orders, "cannot move the image's descriptor");
  }
  if (orders->wait_fd < 0) return;  // the command line names what must be in place already
  for (unsigned i = 0; i < orders->fd_count; ++i) {
    int& source = orders->fds[i].source;
    if (source > 2 && in_the_way(source)) {
      source = lift(source, *orders, "cannot move a descriptor");
    }
  }
}

void place_standard_streams(Orders* orders) {
  for (unsigned i = 0; i < orders->fd_count; ++i) {
    FdOrder& order = orders->fds[i];
    if (order.target > 2 || order.source == order.target) continue;
    check_made(call(__NR_dup3, order.source, order.target, 0), "cannot hand on a descriptor");
    order.source = order.target;  // done; the sweep closes the source
  }
}

void restore_descriptors(const Plan* plan, const Orders& orders) {
  sweep(plan, orders);
  const auto* all = image::records<Descriptor>(plan, plan->descriptors);
  for (std::uint32_t i = 0; i < plan->descriptors.count; ++i) {
    make_descriptor(plan, orders, all, i);
  }
  for (std::uint32_t i = 0; i < plan->descriptors.count; ++i) {
    if (all[i].kind == DescriptorKind::kEpoll) fill_epoll_set(plan, all[i]);
  }
  place_ordered(plan, orders);
  finish_shared_objects(plan);
  call(__NR_close, orders.image_fd);
}

}  // namespace fw::raw

#include "snapshot/capture/descriptors.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "base/syscalls.h"
#include "base/unique_fd.h"
#include "snapshot/capture/posix_shared.h"
#include "snapshot/capture/proc.h"
#include "snapshot/capture/socket_name.h"

namespace fw::capture {
namespace {

using image::Descriptor;
using image::DescriptorKind;

constexpr long kProcMagic = 0x9fa0;     // PROC_SUPER_MAGIC
constexpr unsigned kMemoryDevices = 1;  // null, zero, full, random, urandom
constexpr std::string_view kMemfd = "/memfd:";

// The inode of "pipe:[12345]".
std::uint64_t inode_of(std::string_view target) {
  return to_number(target.substr(target.find('[') + 1));
}

// This process's pid as /proc has it, which may be that of an outer PID namespace.
std::uint64_t pid_in_proc(std::pmr::memory_resource* memory) {
  const auto self = read_link(memory, "/proc/self");
  return self ? to_number(*self) : 0;
}

ProcPath fd_path(int fd) { return ProcPath("/proc/self/fd/", static_cast<std::uint64_t>(fd)); }

}  // namespace

bool DescriptorCapture::run(const std::pmr::vector<int>& numbers) {
  for (const int fd : numbers) {
    if (fd > 2 && !capture(fd)) return false;
  }
  if (!pair_pipes()) return false;
  draft_->header.first_free_fd =
      draft_->descriptors.empty() ? 3 : draft_->descriptors.back().fd + 1;
  return true;
}

std::int32_t DescriptorCapture::find_duplicate(int fd) const {
  struct stat status {};
  ::fstat(fd, &status);
  for (std::size_t i = 0; i < draft_->descriptors.size(); ++i) {
    const Descriptor& d = draft_->descriptors[i];
    // All anonymous descriptors share one inode, so it only saves kcmp() calls.
    if (inodes_[i] != status.st_ino || d.kind == DescriptorKind::kDuplicate) continue;
    if (sys::same_open_file(fd, d.fd) == 1) return static_cast<std::int32_t>(i);
  }
  return -1;
}

bool DescriptorCapture::capture(int fd) {
  const auto target = read_link(memory_, fd_path(fd).c_str());
  if (!target) return refusal_->because_errno(errno, "cannot read descriptor ", fd);
  const auto info =
      read_proc(memory_, ProcPath("/proc/self/fdinfo/", static_cast<std::uint64_t>(fd)).c_str());
  if (!info) return refusal_->because_errno(errno, "cannot read fdinfo of descriptor ", fd);

  Descriptor d{};
  d.fd = fd;
  d.index = -1;
  d.status_flags = static_cast<std::uint32_t>(::fcntl(fd, F_GETFL));
  d.close_on_exec = (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 ? 1 : 0;
  struct stat status {};
  ::fstat(fd, &status);

  const std::string_view name = *target;
  constexpr std::string_view kAnonymous = "anon_inode:";
  bool ok = false;
  if (const std::int32_t same = find_duplicate(fd); same >= 0) {
    d.kind = DescriptorKind::kDuplicate;
    d.index = same;
    ok = true;
  } else if ((d.status_flags & O_ASYNC) != 0) {
    ok = refusal_->because(-EBUSY, "descriptor ", fd, " (", name,
                           ") asks for signals (O_ASYNC): turn that off before the snapshot");
  } else if (!field(*info, "lock").empty()) {
    ok = refusal_->because(-EBUSY, "descriptor ", fd, " (", name,
                           ") holds a file lock: release it before the snapshot");
  } else if (name.starts_with("socket:")) {
    ok = refuse_socket(fd);
  } else if (name.starts_with("pipe:")) {
    ok = capture_pipe(name, &d);
  } else if (name == "anon_inode:[timerfd]") {
    ok = capture_timer(&d);
  } else if (name.starts_with(kAnonymous)) {
    ok = capture_anonymous(name.substr(kAnonymous.size()), *info, &d);
  } else if (name.starts_with(kMemfd) ||
             (name.starts_with(kPosixSharedFolder) && status.st_nlink == 0)) {
    ok = capture_memfd(name, &d);
  } else {
    ok = capture_path(name, &d);
  }
  if (!ok) return false;
  draft_->descriptors.push_back(d);
  inodes_.push_back(status.st_ino);
  return true;
}

bool DescriptorCapture::capture_path(std::string_view target, Descriptor* d) {
  struct stat open_file {};
  struct stat by_path {};
  ::fstat(d->fd, &open_file);
  std::pmr::string path(target, memory_);
  struct statfs filesystem {};
  ::fstatfs(d->fd, &filesystem);
  if (filesystem.f_type == kProcMagic) {
    // /proc/4711/... means "this process", who will have another pid; keep the link.
    const ProcPath own("/proc/", pid_in_proc(memory_), "/");
    const std::string_view prefix = own.c_str();
    if (path.starts_with(prefix)) path.replace(0, prefix.size(), "/proc/self/");
  }
  if (::stat(path.c_str(), &by_path) != 0 || by_path.st_ino != open_file.st_ino ||
      by_path.st_dev != open_file.st_dev) {
    return refusal_->because(-EBUSY, "descriptor ", d->fd, " is open on ", target,
                             ", which was deleted, renamed or replaced: close it before the "
                             "snapshot");
  }
  const auto type = open_file.st_mode & S_IFMT;
  const bool memory_device = type == S_IFCHR && major(open_file.st_rdev) == kMemoryDevices;
  if (type != S_IFREG && type != S_IFDIR && !memory_device) {
    return refusal_->because(-EBUSY, "descriptor ", d->fd, " is open on ", target,
                             type == S_IFIFO ? ", a named pipe" : ", a device",
                             ": close it before the snapshot, open it after the restore");
  }
  d->kind = DescriptorKind::kFile;
  d->data = draft_->add_text(path);
  const off_t position = ::lseek(d->fd, 0, SEEK_CUR);
  d->position = position > 0 ? static_cast<std::uint64_t>(position) : 0;
  d->file_size = static_cast<std::uint64_t>(open_file.st_size);
  d->mtime_seconds = open_file.st_mtim.tv_sec;
  d->mtime_nanoseconds = open_file.st_mtim.tv_nsec;
  return true;
}

bool DescriptorCapture::capture_memfd(std::string_view target, Descriptor* d) {
  struct stat status {};
  ::fstat(d->fd, &status);
  const bool posix = target.starts_with(kPosixSharedFolder);
  std::string_view name = target.substr(posix ? kPosixSharedFolder.size() : kMemfd.size());
  name = name.substr(0, name.rfind(" (deleted)"));
  const std::uint64_t device = std::uint64_t{major(status.st_dev)} << 32 | minor(status.st_dev);
  std::uint16_t index = 0;
  if (!objects_->shared_object(device, status.st_ino, name,
                               static_cast<std::uint64_t>(status.st_size), d->fd, &index)) {
    return false;
  }
  const int seals = ::fcntl(d->fd, F_GET_SEALS);
  if (seals > 0) draft_->shared[index].seals = static_cast<std::uint32_t>(seals);
  d->kind = DescriptorKind::kShared;
  d->index = index;
  d->position = static_cast<std::uint64_t>(::lseek(d->fd, 0, SEEK_CUR));
  return true;
}

bool DescriptorCapture::capture_pipe(std::string_view target, Descriptor* d) {
  d->kind = (d->status_flags & O_ACCMODE) == O_WRONLY ? DescriptorKind::kPipeWrite
                                                      : DescriptorKind::kPipeRead;
  d->value = inode_of(target);  // for pair_pipes(); not part of the image
  const int capacity = ::fcntl(d->fd, F_GETPIPE_SZ);
  d->position = capacity > 0 ? static_cast<std::uint64_t>(capacity) : 65536;
  if (d->kind == DescriptorKind::kPipeWrite) return true;
  int unread = 0;
  ::ioctl(d->fd, FIONREAD, &unread);
  std::pmr::string bytes(static_cast<std::size_t>(unread), '\0', memory_);
  if (unread > 0) {
    // tee(2) looks at the bytes without taking them out of the pipe.
    int copy[2];
    if (::pipe2(copy, O_CLOEXEC) != 0) return refusal_->because_errno(errno, "pipe2");
    const UniqueFd reader(copy[0]);
    const UniqueFd writer(copy[1]);
    ::fcntl(writer.get(), F_SETPIPE_SZ, capacity);
    const ssize_t copied = ::tee(d->fd, writer.get(), bytes.size(), SPLICE_F_NONBLOCK);
    if (copied != unread || ::read(reader.get(), bytes.data(), bytes.size()) != unread) {
      return refusal_->because(-EBUSY, "the ", unread, " bytes in the pipe of descriptor ", d->fd,
                               " could not be copied: drain it before the snapshot");
    }
  }
  d->data = draft_->add_text(bytes);
  return true;
}

// Joins the two ends of each pipe. A pipe with an end in another process is
// somebody's connection to us and cannot be carried.
bool DescriptorCapture::pair_pipes() {
  auto& all = draft_->descriptors;
  const auto is_pipe = [](const Descriptor& d) {
    return d.kind == DescriptorKind::kPipeRead || d.kind == DescriptorKind::kPipeWrite;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_pipe(all[i]) || all[i].index >= 0) continue;
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (is_pipe(all[j]) && all[j].kind != all[i].kind && all[j].value == all[i].value) {
        all[i].index = static_cast<std::int32_t>(j);
        all[j].index = static_cast<std::int32_t>(i);
        break;
      }
    }
    if (all[i].index < 0) {
      const auto target = read_link(memory_, fd_path(all[i].fd).c_str());
      if (!target || !refuse_foreign_pipe(all[i].fd, *target)) return false;
    }
  }
  for (Descriptor& d : all) {
    if (is_pipe(d)) d.value = 0;
  }
  return true;
}

// True when nobody else has the pipe open, so that its other end is closed.
bool DescriptorCapture::refuse_foreign_pipe(int fd, std::string_view target) {
  const auto processes = list_numbers(memory_, "/proc");
  const std::uint64_t self = pid_in_proc(memory_);
  for (std::size_t i = 0; processes && i < processes->size(); ++i) {
    const auto pid = static_cast<std::uint64_t>((*processes)[i]);
    if (pid == self) continue;
    const ProcPath folder("/proc/", pid, "/fd/");
    const auto fds = list_numbers(memory_, folder.c_str());
    for (std::size_t k = 0; fds && k < fds->size(); ++k) {
      const auto link = read_link(
          memory_, ProcPath(folder.c_str(), static_cast<std::uint64_t>((*fds)[k])).c_str());
      if (!link || std::string_view(*link) != target) continue;
      const auto comm = read_proc(memory_, ProcPath("/proc/", pid, "/comm").c_str());
      std::string_view name = comm ? std::string_view(*comm) : std::string_view("?");
      return refusal_->because(-EBUSY, "descriptor ", fd, " is a pipe to process ", pid, " (",
                               take_line(&name), "): close it before the snapshot");
    }
  }
  return true;
}

bool DescriptorCapture::capture_anonymous(std::string_view kind, std::string_view info,
                                          Descriptor* d) {
  if (kind == "[eventfd]") {
    d->kind = DescriptorKind::kEventFd;
    d->value = to_number(field(info, "eventfd-count"), 16);
    d->index = to_number(field(info, "eventfd-semaphore")) != 0 ? EFD_SEMAPHORE : 0;
    return true;
  }
  if (kind == "[eventpoll]") return capture_epoll(info, d);
  if (kind == "[signalfd]") {
    d->kind = DescriptorKind::kSignalFd;
    d->value = to_number(field(info, "sigmask"), 16);
    return true;
  }
  if (kind == "[io_uring]") {
    return refusal_->because(-EBUSY, "descriptor ", d->fd,
                             " is an io_uring: close it before the snapshot (libuv: "
                             "UV_USE_IO_URING=0)");
  }
  if (kind == "inotify" || kind == "[userfaultfd]" || kind == "[pidfd]" || kind == "[fanotify]") {
    return refusal_->because(-EBUSY, "descriptor ", d->fd, " is of kind ", kind,
                             ", whose state the kernel does not tell: close it before the "
                             "snapshot, open it after the restore");
  }
  return refusal_->because(-EBUSY, "descriptor ", d->fd, " is of a kind that cannot be carried, ",
                           kind, ": close it before the snapshot");
}

bool DescriptorCapture::capture_epoll(std::string_view info, Descriptor* d) {
  d->kind = DescriptorKind::kEpoll;
  std::pmr::vector<image::EpollItem> items(memory_);
  while (!info.empty()) {
    std::string_view line = take_line(&info);
    // "tfd:        5 events:       19 data: 5  pos:0 ino:... sdev:..."
    if (take_word(&line) != "tfd:") continue;
    image::EpollItem item{};
    item.fd = static_cast<std::int32_t>(to_number(take_word(&line)));
    take_word(&line);  // "events:"
    item.events = static_cast<std::uint32_t>(to_number(take_word(&line), 16));
    take_word(&line);  // "data:"
    item.data = to_number(take_word(&line), 16);
    unsigned earlier = 0;
    for (const image::EpollItem& other : items) earlier += other.fd == item.fd ? 1 : 0;
    const bool lost =
        ::fcntl(item.fd, F_GETFD) < 0 || sys::same_epoll_member(d->fd, item.fd, earlier) == 0;
    if (lost || item.fd <= 2) {
      return refusal_->because(
          -EBUSY, "epoll descriptor ", d->fd, " watches descriptor ", item.fd,
          item.fd <= 2 ? ", which belongs to whoever restores" : ", which was closed since",
          ": remove it from the set before the snapshot");
    }
    items.push_back(item);
  }
  d->items = draft_->add_items(items);
  return true;
}

bool DescriptorCapture::capture_timer(Descriptor* d) {
  // A periodic timer that expired rests until somebody reads it, and looks disarmed
  // in /proc. Asking for its time sets it going and counts the periods since.
  itimerspec current{};
  ::timerfd_gettime(d->fd, &current);
  const auto fdinfo =
      read_proc(memory_, ProcPath("/proc/self/fdinfo/", static_cast<std::uint64_t>(d->fd)).c_str());
  if (!fdinfo) return refusal_->because_errno(errno, "cannot read fdinfo of descriptor ", d->fd);
  const std::string_view info = *fdinfo;
  d->kind = DescriptorKind::kTimerFd;
  d->index = static_cast<std::int32_t>(to_number(field(info, "clockid")));
  d->value = to_number(field(info, "ticks"));
  const auto read_time = [&](std::string_view key, std::uint64_t* out) {
    std::string_view pair = field(info, key);  // "(12, 345)"
    if (pair.empty()) return;
    pair.remove_prefix(1);
    out[0] = to_number(pair);
    pair.remove_prefix(pair.find(',') + 2);
    out[1] = to_number(pair);
  };
  read_time("it_value", d->times);
  read_time("it_interval", d->times + 2);
  return true;
}

bool DescriptorCapture::refuse_socket(int fd) {
  SocketName name;
  describe_socket(fd, &name);
  return refusal_->because(-EBUSY, "descriptor ", fd, " is ", name.view(),
                           ": close it before the snapshot (in a before-snapshot hook) and open "
                           "it again after the restore");
}

}  // namespace fw::capture

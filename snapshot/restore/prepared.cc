// Zygotes and templates: restorers that are told their orders over a socket.
#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "base/syscalls.h"
#include "base/unique_fd.h"
#include "snapshot/restore/launch.h"
#include "snapshot/restore/outbox.h"

namespace fw::restore {
namespace {

enum class Role { kZygote, kTemplate };

int start_waiting(Role role, const char* restorer_path, fw_restore_pid_mode pid_mode,
                  int parent_death_signal, fw_prepared* prepared) {
  *prepared = {-1, -1, -1};
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  constexpr int kSocket = 3;
  Launch child(kSocket, restorer_path);
  child.parent_death_signal = parent_death_signal;
  const bool in_namespace = pid_mode == FW_RESTORE_PID_NAMESPACE;
  child.new_pid_namespace = in_namespace && role == Role::kZygote;
  child.makes_pid_namespaces = in_namespace && role == Role::kTemplate;
  child.command.add_order("wait:", child.fds.add(theirs.get()));
  if (in_namespace) child.command.add("pidns");
  child.command.add_order("cpu:", cpu_of_this_machine());
  fw_restored started{};
  if (const int error = launch(child, &started); error != 0) return error;
  *prepared = {started.pid, started.pidfd, ours.release()};
  return 0;
}

void abandon(fw_prepared* prepared) {
  sys::pidfd_send_signal(prepared->pidfd, SIGKILL);
  ::waitpid(prepared->pid, nullptr, __WALL);
  ::close(prepared->pidfd);
  ::close(prepared->socket);
  *prepared = {-1, -1, -1};
}

int send_template(const fw_prepared& tmpl, const fw_restore_request& request) {
  const UniqueFd self(request.parent_death_signal != 0 ? sys::pidfd_open(::getpid()) : -1);
  if (request.parent_death_signal != 0 && !self) return -errno;
  Outbox message(raw::MessageKind::kTemplate);
  message.add_image(request.image_fd);
  if (request.pack_fd > 0) message.add_pack(request.pack_fd);
  if (self) message.add_owner(self.get(), request.parent_death_signal);
  if (const int error = message.add_standard_streams(request); error != 0) return error;
  return message.send(tmpl.socket);
}

// When the template ended with orders unread, the socket says so once before it gives
// the answers that were sent.
ssize_t receive_answer(int socket, raw::ForkAnswer* answer) {
  ssize_t size = 0;
  int resets = 0;
  do {
    size = ::recv(socket, answer, sizeof *answer, MSG_DONTWAIT);
  } while (size < 0 && (errno == EINTR || (errno == ECONNRESET && ++resets == 1)));
  return size;
}

// The fork is a child of this process: its pid stays its own until it is reaped.
int take_over(pid_t pid, fw_restored* forked) {
  const int pidfd = sys::pidfd_open(pid);
  if (pidfd < 0) {
    const int error = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, __WALL);
    return -error;
  }
  *forked = {pid, pidfd};
  return 0;
}

// Whether it is a fork that faults in its pages one by one. One that could not be made so
// would teach 16 pages for each that it looked at.
bool teaches(pid_t pid) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR* folder = ::opendir(path);
  if (folder == nullptr) return false;
  bool found = false;
  while (const dirent* entry = ::readdir(folder)) {
    char target[64]{};
    const ssize_t n = ::readlinkat(::dirfd(folder), entry->d_name, target, sizeof target - 1);
    found = found || (n > 0 && std::strcmp(target, "anon_inode:[userfaultfd]") == 0);
  }
  ::closedir(folder);
  return found;
}

}  // namespace
}  // namespace fw::restore

extern "C" int fw_zygote_start(const char* restorer_path, fw_restore_pid_mode pid_mode,
                               int parent_death_signal, fw_prepared* zygote) {
  using namespace fw::restore;
  return start_waiting(Role::kZygote, restorer_path, pid_mode, parent_death_signal, zygote);
}

extern "C" int fw_zygote_restore(const fw_prepared* zygote, const fw_restore_request* request) {
  using namespace fw::restore;
  Outbox message(fw::raw::MessageKind::kBecome);
  message.add_image(request->image_fd);
  if (request->pack_fd > 0) message.add_pack(request->pack_fd);
  const int error = message.add(*request);
  return error != 0 ? error : message.send(zygote->socket);
}

extern "C" int fw_template_start(const fw_restore_request* request, fw_prepared* tmpl) {
  using namespace fw::restore;
  int error = start_waiting(Role::kTemplate, request->restorer_path, request->pid_mode,
                            request->parent_death_signal, tmpl);
  if (error != 0) return error;
  error = send_template(*tmpl, *request);
  if (error != 0) abandon(tmpl);
  return error;
}

extern "C" int fw_template_fork(const fw_prepared* tmpl, const fw_restore_request* request) {
  using namespace fw::restore;
  Outbox message(fw::raw::MessageKind::kFork);
  const int error = message.add(*request);
  return error != 0 ? error : message.send(tmpl->socket);
}

extern "C" int fw_template_forked(const fw_prepared* tmpl, fw_restored* restored) {
  using namespace fw::restore;
  *restored = {-1, -1};
  fw::raw::ForkAnswer answer{};
  const ssize_t size = receive_answer(tmpl->socket, &answer);
  if (size == 0 || (size < 0 && errno == ECONNRESET)) return -EPIPE;
  if (size < 0) return -errno;
  if (size != sizeof answer || answer.magic != fw::raw::kMessageMagic) return -EPROTO;
  // -EAGAIN says that there is no answer.
  if (answer.result == -EAGAIN) return -EUSERS;
  if (answer.result < 0) return static_cast<int>(answer.result);
  return take_over(static_cast<pid_t>(answer.result), restored);
}

extern "C" int fw_template_learn(const fw_prepared* tmpl, int pid) {
  using namespace fw::restore;
  if (!teaches(pid)) return -ENOTSUP;
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
  const fw::UniqueFd pagemap(::open(path, O_RDONLY | O_CLOEXEC));
  if (!pagemap) return -errno;
  Outbox message(fw::raw::MessageKind::kLearn);
  message.add_pagemap(pagemap.get());
  return message.send(tmpl->socket);
}

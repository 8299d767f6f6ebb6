// A template: it maps what all processes of an image can share, then forks. No code of
// the image ever runs in it, and its pages stay those of the files.
//
// A fork is a sibling, not a child (CLONE_PARENT): the owner can wait for it, and its
// death is none of the template's business. The pid that the template answers cannot
// become somebody else's before the owner has reaped it.
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#include "snapshot/restore/raw/attributes.h"
#include "snapshot/restore/raw/inbox.h"
#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

constexpr int kNoSignalOnClosed = 0x4000;  // MSG_NOSIGNAL

// From here on the owner's end ends this fork, too, unless it came before. getppid()
// could not tell: in a new PID namespace it is 0 either way.
void die_with_owner(const Orders& orders) {
  if (orders.parent_death_signal == 0) return;
  const long r = call(__NR_prctl, PR_SET_PDEATHSIG, orders.parent_death_signal);
  if (failed(r)) refuse_errno("cannot ask for the owner's death signal", nullptr, r);
  pollfd owner{orders.owner_fd, POLLIN, 0};
  if (call(__NR_poll, &owner, 1, 0) != 0) end_process(FW_RESTORE_EXIT_REFUSED);
}

[[noreturn]] void become_fork(const image::Plan* plan, Orders* orders, std::uint64_t ordered) {
  resident.times.started = ordered;
  resident.times.checked = now();
  die_with_owner(*orders);
  place_standard_streams(orders);
  settle_descriptors(plan, orders);
  map_own_memory(plan, *orders);
  resident.times.mapped = now();
  finish(plan, *orders);
}

long fork_process(const Orders& orders) {
  clone_args args{};
  args.flags = CLONE_PARENT;  // and with it the template's own exit signal
  if (orders.pid_namespace) args.flags |= CLONE_NEWPID;
  return call(__NR_clone3, &args, sizeof args);
}

// Keeps nothing but what forks need, at numbers that no image descriptor has.
void settle_template(const image::Plan* plan, Orders* orders) {
  int* const needed[] = {&orders->wait_fd, &orders->image_fd, &orders->owner_fd};
  int kept[3];
  unsigned count = 0;
  for (int* fd : needed) {
    if (*fd < 0) continue;
    if (*fd < plan->first_free_fd) {
      const long r = call(__NR_fcntl, *fd, F_DUPFD_CLOEXEC, plan->first_free_fd);
      if (failed(r)) refuse_errno("cannot place a template's descriptor", nullptr, r);
      *fd = static_cast<int>(r);
    }
    kept[count++] = *fd;
  }
  close_all_but(kept, count);
}

void answer(int socket, long result) {
  const ForkAnswer packet{kMessageMagic, result};
  const long r = call(__NR_sendto, socket, &packet, sizeof packet, kNoSignalOnClosed, nullptr, 0);
  if (failed(r)) end_process(0);  // nobody is there to be answered
}

// Returns in the template.
void serve(const image::Plan* plan, const Orders& common, const Received& received,
           std::uint64_t ordered) {
  Orders orders = common;
  read_message(received, &orders);
  const long pid = fork_process(orders);
  if (pid == 0) become_fork(plan, &orders, ordered);
  answer(orders.wait_fd, pid);
}

void learn(const image::Plan* plan, const Orders& common, const Received& received) {
  if (received.fds_lost) return;
  Orders orders = common;
  read_message(received, &orders);
  learn_pages(plan, orders.pagemap_fd);
}

bool is_for_template(const Message& message) {
  if (message.kind == MessageKind::kLearn) return message.carries == kCarriesPagemap;
  return message.kind == MessageKind::kFork && message.carries == 0;
}

}  // namespace

void be_template(Orders* orders, std::uint64_t vdso_address) {
  place_standard_streams(orders);
  const image::Plan* plan = check_image(orders);
  settle_descriptors(plan, orders);
  introduce(plan, FW_WOKEN_BY_FORK);
  map_memory(plan, *orders, Memory::kInherited, vdso_address);
  set_memory_fields(plan);
  restore_inherited(plan);
  note_attributes_for_forks();
  settle_template(plan, orders);
  orders->fd_count = 0;
  for (;;) {
    Received received;
    if (!receive(orders->wait_fd, &received)) end_process(0);
    const std::uint64_t ordered = now();
    if (!is_for_template(received.message)) {
      refuse("refused a message of orders: a template can only fork");
    }
    if (received.message.kind == MessageKind::kLearn) {
      learn(plan, *orders, received);
    } else if (received.fds_lost) {
      constexpr long kTooManyOpen = -24;  // EMFILE
      answer(orders->wait_fd, kTooManyOpen);
    } else {
      serve(plan, *orders, received, ordered);
    }
    close_received(received);
  }
}

}  // namespace fw::raw

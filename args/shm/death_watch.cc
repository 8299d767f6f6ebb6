#include "args/shm/death_watch.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "args/shm/layout.h"
#include "base/check.h"
#include "base/mapping.h"
#include "base/syscalls.h"
#include "base/unique_fd.h"

namespace fw::args {

struct DeathWatch::Entry {
  std::uint64_t id = 0;
  int pidfd = -1;
  std::atomic<std::uint32_t>* word = nullptr;
  std::atomic<bool> dead{false};
};

namespace {

// The thread and what it watches; one for the process.
class Watcher {
 public:
  static Watcher& of_this_process() {
    // Never destroyed: a thread that still waits during exit() may use it.
    static Watcher& watcher = []() -> Watcher& {
      std::atexit([] { of_this_process().stop(); });
      return *new Watcher;
    }();
    return watcher;
  }

  Status add(DeathWatch::Entry& entry) {
    const std::lock_guard lock(mutex_);
    if (!running_here()) FW_TRY(start());
    entry.id = ++last_id_;
    // One-shot: a pidfd stays readable for ever once its process has ended.
    epoll_event event{EPOLLIN | EPOLLONESHOT, {.u64 = entry.id}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, entry.pidfd, &event) != 0) {
      if (errno == EEXIST) {
        return fail(Errc::kInternal, "this process is already awaited through another slot");
      }
      return fail_errno("watch a process for its end");
    }
    entries_.emplace(entry.id, &entry);
    return {};
  }

  void remove(const DeathWatch::Entry& entry) {
    const std::lock_guard lock(mutex_);
    // Not there: begun by the parent process and inherited by fork, and so not
    // ours to end.
    if (entries_.erase(entry.id) == 0 || !running_here()) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, entry.pidfd, nullptr);
  }

 private:
  static constexpr std::uint64_t kStopId = 0;
  static constexpr std::size_t kStackBytes = 256 * 1024;

  // A forked child inherits this object but not the thread, and its epoll
  // descriptor is the parent's: to add a process there would report deaths to
  // the parent. `here_` is a page that the kernel clears in every child, however
  // it was forked.
  bool running_here() const {
    return here_.valid() && *reinterpret_cast<const std::uint32_t*>(here_.data()) == 1;
  }

  Status start() {
    entries_.clear();
    FW_TRY_ASSIGN(here_, Mapping::anonymous(kPageSize, PROT_READ | PROT_WRITE));
    if (::madvise(here_.data(), here_.size(), MADV_WIPEONFORK) != 0) {
      return fail_errno("madvise(MADV_WIPEONFORK)");
    }
    epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_) return fail_errno("epoll_create1");
    stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
    if (!stop_) return fail_errno("eventfd");
    epoll_event event{EPOLLIN, {.u64 = kStopId}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_.get(), &event) != 0) {
      return fail_errno("epoll_ctl of an eventfd");
    }
    FW_TRY(start_thread());
    *reinterpret_cast<std::uint32_t*>(here_.data()) = 1;
    return {};
  }

  Status start_thread() {
    // Signals are for the program's own threads: the new one inherits the mask.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, kStackBytes);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = ::pthread_create(
        &thread_, &attributes,
        [](void* self) -> void* {
          static_cast<Watcher*>(self)->run();
          return nullptr;
        },
        this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    if (error != 0) return fail(Error::from_errno("start the thread that watches clones", error));
    return {};
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      if (!running_here()) return;
      *reinterpret_cast<std::uint32_t*>(here_.data()) = 0;
      ::eventfd_write(stop_.get(), 1);
    }
    ::pthread_join(thread_, nullptr);
  }

  void run() {
    // Here, not by the starter: naming another thread goes through /proc.
    ::pthread_setname_np(::pthread_self(), "fw-death-watch");
    for (;;) {
      epoll_event event;
      const int n = ::epoll_wait(epoll_.get(), &event, 1, -1);
      if (n < 0 && errno == EINTR) continue;
      FW_CHECK(n == 1, "epoll_wait without a time limit returns an event");
      if (event.data.u64 == kStopId) return;
      tell(event.data.u64);
    }
  }

  // Under the mutex: as long as an entry is in the table, its word is mapped.
  void tell(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;  // its watch ended meanwhile
    DeathWatch::Entry& entry = *found->second;
    entry.dead.store(true, std::memory_order_release);
    // The waiter may have looked at `dead` just before and be about to sleep:
    // the word must differ from what it saw, or the wake would be lost.
    std::uint32_t seen = entry.word->load(std::memory_order_relaxed);
    if (seen != slot_state::kAnswered) {
      entry.word->compare_exchange_strong(seen, seen | slot_state::kDeadBit,
                                          std::memory_order_release);
    }
    // All of them: a process that the clone left behind may be waiting as well.
    sys::futex_wake(entry.word, std::numeric_limits<int>::max());
  }

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, DeathWatch::Entry*> entries_;
  std::uint64_t last_id_ = kStopId;
  Mapping here_;
  UniqueFd epoll_;
  UniqueFd stop_;
  pthread_t thread_{};
};

}  // namespace

Result<DeathWatch> DeathWatch::begin(int pidfd, std::atomic<std::uint32_t>& word) {
  auto entry = std::make_unique<Entry>();
  entry->pidfd = pidfd;
  entry->word = &word;
  FW_TRY(Watcher::of_this_process().add(*entry));
  return DeathWatch(std::move(entry));
}

DeathWatch::DeathWatch(std::unique_ptr<Entry> entry) : entry_(std::move(entry)) {}
DeathWatch::DeathWatch(DeathWatch&&) noexcept = default;

DeathWatch& DeathWatch::operator=(DeathWatch&& other) noexcept {
  std::swap(entry_, other.entry_);
  return *this;
}

DeathWatch::~DeathWatch() {
  if (entry_) Watcher::of_this_process().remove(*entry_);
}

bool DeathWatch::dead() const { return entry_->dead.load(std::memory_order_acquire); }

}  // namespace fw::args

#include "embed/watchdog.h"

#include <sys/mman.h>

#include <chrono>
#include <csignal>

#include "base/clock.h"
#include "embed/report.h"

namespace fw::embed {

namespace {

constexpr std::size_t kStackBytes = std::size_t{256} << 10;

// How long the main thread gets to come to a place where user code can be
// interrupted; in a blocking system call it never does.
constexpr std::uint64_t kGraceNs = 2 * kNsPerSecond;

std::chrono::nanoseconds until(std::uint64_t deadline_ns) {
  const std::uint64_t now = monotonic_ns();
  return std::chrono::nanoseconds(now < deadline_ns ? deadline_ns - now : 0);
}

}  // namespace

Status Watchdog::watch(std::uint64_t limit_ms, std::string error_type, std::string what) {
  {
    const std::lock_guard lock(mutex_);
    limit_ms_ = limit_ms;
    deadline_ns_ = monotonic_ns() + limit_ms * kNsPerMs;
    error_type_ = std::move(error_type);
    what_ = std::move(what);
  }
  changed_.notify_one();
  if (stack_.valid()) return {};

  FW_TRY_ASSIGN(stack_, Mapping::anonymous(kStackBytes, PROT_READ | PROT_WRITE));
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstack(&attributes, stack_.data(), stack_.size());
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  const int error = ::pthread_create(
      &thread_, &attributes,
      [](void* self) -> void* {
        static_cast<Watchdog*>(self)->work();
        return nullptr;
      },
      this);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  if (error != 0) {
    stack_ = Mapping();
    return fail(Error::from_errno("start the watchdog's thread", error));
  }
  return {};
}

void Watchdog::rest() {
  if (!stack_.valid()) return;
  {
    const std::lock_guard lock(mutex_);
    deadline_ns_ = 0;
  }
  changed_.notify_one();
  ::pthread_join(thread_, nullptr);
  stack_ = Mapping();
}

void Watchdog::work() {
  std::unique_lock lock(mutex_);
  while (deadline_ns_ != 0) {
    const std::uint64_t deadline = deadline_ns_;
    if (changed_.wait_for(lock, until(deadline), [&] { return deadline_ns_ != deadline; }))
      continue;
    interrupt_();
    const std::uint64_t give_up = monotonic_ns() + kGraceNs;
    if (changed_.wait_for(lock, until(give_up), [&] { return deadline_ns_ != deadline; })) continue;
    report({});
  }
}

void Watchdog::report_stack(const std::function<std::vector<std::string>()>& stack) {
  const std::lock_guard lock(mutex_);
  if (deadline_ns_ == 0 || monotonic_ns() < deadline_ns_) return;  // it came through after all
  report(stack());
}

void Watchdog::report(std::vector<std::string> trace) {
  ErrorReport error;
  error.error_type = error_type_;
  error.error_message = what_ + " took more than " + std::to_string(limit_ms_) + " ms";
  error.error_message += trace.empty() ? "; it waits in a system call or in native code"
                                       : "; it was here: " + trace.front();
  error.trace = std::move(trace);
  host_.finish_install(args::Outcome::kError, to_json_text(error));
}

}  // namespace fw::embed

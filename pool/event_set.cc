#include "pool/event_set.h"

#include <sys/epoll.h>

#include <array>

namespace fw::pool {

Result<EventSet> EventSet::create() {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_errno("epoll_create1");
  return EventSet(std::move(epoll));
}

Result<EventSet::Id> EventSet::add(int fd, Mode mode, std::function<void()> ready) {
  const Id id = ++last_;
  epoll_event event{EPOLLIN, {.u64 = id}};
  if (mode == Mode::kEdges) event.events |= EPOLLET;
  if (mode == Mode::kOnce) event.events |= EPOLLONESHOT;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return fail_errno("watch a process");
  }
  callbacks_.emplace(id, std::move(ready));
  return id;
}

void EventSet::remove(int fd, Id id) {
  if (callbacks_.erase(id) == 0) return;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventSet::dispatch() {
  std::array<epoll_event, 64> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 0);
    for (int i = 0; i < count; ++i) {
      // By id: an earlier callback of this round may have removed it.
      const auto found = callbacks_.find(events[static_cast<std::size_t>(i)].data.u64);
      if (found == callbacks_.end()) continue;
      const std::function<void()> ready = found->second;  // it may remove itself
      ready();
    }
    if (count < static_cast<int>(events.size())) return;
  }
}

}  // namespace fw::pool

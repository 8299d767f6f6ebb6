// The queue's functions, made to wait for their answers.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include "gateway/events/queue.h"

namespace fw::testing {

using namespace gateway::events;

// The answer that `ask` gives to its callback.
template <typename T>
Result<T> await(const std::function<void(std::function<void(Result<T>)>)>& ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  std::future<Result<T>> future = promise->get_future();
  ask([promise](Result<T> answer) { promise->set_value(std::move(answer)); });
  if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
    throw std::runtime_error("the queue does not answer");
  }
  return future.get();
}

inline Result<Accepted> submit(Queue& queue, Event event) {
  return await<Accepted>([&](auto done) { queue.submit(std::move(event), done); });
}
inline Result<EventState> look_up(Queue& queue, const std::string& id) {
  return await<EventState>([&](auto done) { queue.look_up(id, done); });
}
inline Result<std::vector<DeadLetter>> dead_letters(Queue& queue, const std::string& function = {},
                                                    std::size_t limit = 1'000'000) {
  return await<std::vector<DeadLetter>>(
      [&](auto done) { queue.dead_letters(function, limit, done); });
}
inline Status replay(Queue& queue, const std::string& id) {
  return await<void>([&](auto done) { queue.replay(id, done); });
}
inline Status discard(Queue& queue, const std::string& id) {
  return await<void>([&](auto done) { queue.discard(id, done); });
}

// Until the counters are as wanted; each look waits for a transaction of the queue.
inline EventStats await_stats(Queue& queue, const std::function<bool(const EventStats&)>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (;;) {
    const EventStats stats = queue.stats();
    if (wanted(stats)) return stats;
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the counters do not become as they should");
    }
    (void)look_up(queue, "none");
  }
}

}  // namespace fw::testing

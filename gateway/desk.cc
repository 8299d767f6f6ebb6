#include "gateway/desk.h"

#include <exception>

namespace fw::gateway {

Desk::Desk() : thread_([this] { run(); }) {}

Desk::~Desk() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Desk::answer(std::shared_ptr<Exchange> exchange,
                  std::function<Response(const Exchange&)> work) {
  constexpr std::size_t kMostWaiting = 256;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < kMostWaiting) {
      queue_.push_back([asked = exchange, its_work = std::move(work)] {
        try {
          asked->respond(its_work(*asked));
        } catch (const std::exception& error) {
          asked->respond(error_response(500, "internal", error.what()));
        }
      });
      changed_.notify_one();
      return;
    }
  }
  exchange->respond(error_response(Error(Errc::kBusy, "too many requests wait for the disk")));
}

void Desk::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::function<void()> next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    next();
    lock.lock();
  }
}

}  // namespace fw::gateway

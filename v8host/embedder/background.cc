#include "v8host/embedder/background.h"

#include <csignal>

namespace fw::v8host {

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    tasks_.clear();
    delayed_.clear();
  }
  posted_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Background::start_if_needed() {
  if (thread_.joinable()) return;
  // Signals are for the main thread: the new one inherits a full mask.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread(&Background::work, this);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Background::post(std::unique_ptr<v8::Task> task) {
  const std::lock_guard lock(mutex_);
  start_if_needed();
  tasks_.push_back(std::move(task));
  posted_.notify_one();
}

void Background::post_delayed(std::unique_ptr<v8::Task> task, double delay_in_seconds) {
  const auto delay = std::chrono::duration<double>(delay_in_seconds);
  const std::lock_guard lock(mutex_);
  start_if_needed();
  delayed_.emplace(Clock::now() + std::chrono::duration_cast<Clock::duration>(delay),
                   std::move(task));
  posted_.notify_one();
}

bool Background::wait_until_idle() {
  std::unique_lock lock(mutex_);
  const bool busy = running_ || !tasks_.empty();
  idle_.wait(lock, [this] { return !running_ && tasks_.empty(); });
  return busy;
}

void Background::work() {
  std::unique_lock lock(mutex_);
  while (std::unique_ptr<v8::Task> task = next(lock)) {
    running_ = true;
    lock.unlock();
    task->Run();
    task.reset();
    lock.lock();
    running_ = false;
    if (tasks_.empty()) idle_.notify_all();
  }
}

std::unique_ptr<v8::Task> Background::next(std::unique_lock<std::mutex>& lock) {
  while (!ending_) {
    const auto first = delayed_.begin();
    if (first != delayed_.end() && first->first <= Clock::now()) {
      tasks_.push_back(std::move(first->second));
      delayed_.erase(first);
      continue;
    }
    if (!tasks_.empty()) {
      std::unique_ptr<v8::Task> task = std::move(tasks_.front());
      tasks_.pop_front();
      return task;
    }
    if (first == delayed_.end()) {
      posted_.wait(lock);
    } else {
      const Clock::time_point due = first->first;  // `first` may go while we wait
      posted_.wait_until(lock, due);
    }
  }
  return nullptr;
}

}  // namespace fw::v8host

// TaskQueue: tasks of V8, pushed by any thread, taken by one.
#pragma once

#include <v8-platform.h>

#include <deque>
#include <memory>
#include <mutex>

namespace fw::v8host {

class TaskQueue {
 public:
  using Tasks = std::deque<std::unique_ptr<v8::Task>>;

  void push(std::unique_ptr<v8::Task> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  Tasks take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(tasks_, {});
  }

 private:
  std::mutex mutex_;
  Tasks tasks_;
};

}  // namespace fw::v8host

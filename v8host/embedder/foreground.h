// ForegroundRunner: runs V8's tasks for one isolate on the event loop of the
// thread that the isolate lives on (the main thread, or a worker_threads worker).
//
// Any thread may post. Everything else belongs to the loop's thread. Owned by
// shared pointers, since V8 keeps some; after shut_down() posted tasks are
// dropped, as V8 expects of an isolate that is being disposed of.
#pragma once

#include <uv.h>
#include <v8.h>

#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

#include "v8host/embedder/task_queue.h"

namespace fw::v8host {

class ForegroundRunner final : public v8::TaskRunner,
                               public std::enable_shared_from_this<ForegroundRunner> {
 public:
  ForegroundRunner(v8::Isolate* isolate, uv_loop_t* loop);
  ~ForegroundRunner() override;

  void PostTask(std::unique_ptr<v8::Task> task) override;
  void PostNonNestableTask(std::unique_ptr<v8::Task> task) override;
  void PostDelayedTask(std::unique_ptr<v8::Task> task, double delay_in_seconds) override;
  void PostNonNestableDelayedTask(std::unique_ptr<v8::Task> task, double delay_in_seconds) override;
  void PostIdleTask(std::unique_ptr<v8::IdleTask> task) override;
  bool IdleTasksEnabled() override { return false; }
  // The queue is never run from within a task.
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

  // Runs what is queued now; what is posted meanwhile waits for the next call.
  // True when there was anything.
  bool run_pending();

  // Drops all tasks and closes the handles. `finished` functions are called from
  // the loop when the last of them is closed.
  void shut_down();
  void when_finished(void (*callback)(void*), void* data);

 private:
  struct DelayedTask;

  void wake_up();
  void run(std::unique_ptr<v8::Task> task);
  void start_timer(std::unique_ptr<DelayedTask> delayed);
  void stop_timer(DelayedTask* delayed);
  void handle_closed();

  v8::Isolate* const isolate_;
  uv_loop_t* const loop_;
  TaskQueue tasks_;

  std::mutex mutex_;                                   // of the two below
  uv_async_t* wake_up_ = nullptr;                      // null once shut down
  std::vector<std::unique_ptr<DelayedTask>> delayed_;  // posted, their timers not started

  std::unordered_set<DelayedTask*> waiting_;  // their timers own them
  std::size_t open_handles_ = 0;
  std::vector<std::pair<void (*)(void*), void*>> finished_;
  std::shared_ptr<ForegroundRunner> alive_until_closed_;
};

}  // namespace fw::v8host

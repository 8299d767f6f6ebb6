#include "v8host/embedder/foreground.h"

#include <node.h>

#include <cmath>

#include "base/check.h"

namespace fw::v8host {

struct ForegroundRunner::DelayedTask {
  uv_timer_t timer;
  std::unique_ptr<v8::Task> task;
  double delay_in_seconds;
  std::shared_ptr<ForegroundRunner> owner;
};

ForegroundRunner::ForegroundRunner(v8::Isolate* isolate, uv_loop_t* loop)
    : isolate_(isolate), loop_(loop), wake_up_(new uv_async_t) {
  wake_up_->data = this;
  const int started = uv_async_init(loop_, wake_up_, [](uv_async_t* handle) {
    static_cast<ForegroundRunner*>(handle->data)->run_pending();
  });
  FW_CHECK(started == 0, "an event loop without room for one more handle is unusable");
  ++open_handles_;
  // Tasks of V8 do not keep the program running.
  uv_unref(reinterpret_cast<uv_handle_t*>(wake_up_));
}

ForegroundRunner::~ForegroundRunner() {
  FW_CHECK(wake_up_ == nullptr, "shut_down() comes first: a loop still has our handle");
}

void ForegroundRunner::wake_up() {
  const std::lock_guard lock(mutex_);
  if (wake_up_ != nullptr) uv_async_send(wake_up_);
}

void ForegroundRunner::PostTask(std::unique_ptr<v8::Task> task) {
  tasks_.push(std::move(task));
  wake_up();
}

void ForegroundRunner::PostNonNestableTask(std::unique_ptr<v8::Task> task) {
  PostTask(std::move(task));
}

void ForegroundRunner::PostDelayedTask(std::unique_ptr<v8::Task> task, double delay_in_seconds) {
  auto delayed = std::make_unique<DelayedTask>();
  delayed->task = std::move(task);
  delayed->delay_in_seconds = delay_in_seconds;
  const std::lock_guard lock(mutex_);
  if (wake_up_ == nullptr) return;
  delayed_.push_back(std::move(delayed));
  uv_async_send(wake_up_);
}

void ForegroundRunner::PostNonNestableDelayedTask(std::unique_ptr<v8::Task> task,
                                                  double delay_in_seconds) {
  PostDelayedTask(std::move(task), delay_in_seconds);
}

void ForegroundRunner::PostIdleTask(std::unique_ptr<v8::IdleTask>) {
  FW_CHECK(false, "V8 posts idle tasks only where they are enabled");
}

bool ForegroundRunner::run_pending() {
  std::vector<std::unique_ptr<DelayedTask>> delayed;
  {
    const std::lock_guard lock(mutex_);
    delayed.swap(delayed_);
  }
  bool any = !delayed.empty();
  for (std::unique_ptr<DelayedTask>& one : delayed) start_timer(std::move(one));
  // A task may end with this isolate's disposal.
  const std::shared_ptr<ForegroundRunner> alive = shared_from_this();
  for (std::unique_ptr<v8::Task>& task : tasks_.take_all()) {
    any = true;
    run(std::move(task));
  }
  return any;
}

void ForegroundRunner::run(std::unique_ptr<v8::Task> task) {
  if (isolate_->IsExecutionTerminating()) return;
  const v8::HandleScope handles(isolate_);
  const v8::SealHandleScope seal(isolate_);
  node::Environment* environment = nullptr;
  {
    const v8::HandleScope inner(isolate_);
    if (isolate_->InContext()) {
      environment = node::GetCurrentEnvironment(isolate_->GetCurrentContext());
    }
  }
  if (environment == nullptr) {
    task->Run();
    return;
  }
  // Promises settled by the task have their reactions run, as after any callback.
  const v8::HandleScope inner(isolate_);
  const node::CallbackScope scope(isolate_, v8::Object::New(isolate_), {0, 0});
  task->Run();
}

void ForegroundRunner::start_timer(std::unique_ptr<DelayedTask> delayed) {
  DelayedTask* const owned = delayed.release();
  owned->owner = shared_from_this();
  uv_timer_init(loop_, &owned->timer);
  owned->timer.data = owned;
  ++open_handles_;
  waiting_.insert(owned);
  const auto milliseconds = static_cast<std::uint64_t>(std::llround(owned->delay_in_seconds * 1e3));
  uv_timer_start(
      &owned->timer,
      [](uv_timer_t* timer) {
        auto* const due = static_cast<DelayedTask*>(timer->data);
        const std::shared_ptr<ForegroundRunner> runner = due->owner;
        std::unique_ptr<v8::Task> task = std::move(due->task);
        runner->stop_timer(due);
        runner->run(std::move(task));
      },
      milliseconds, 0);
  uv_unref(reinterpret_cast<uv_handle_t*>(&owned->timer));
}

void ForegroundRunner::stop_timer(DelayedTask* delayed) {
  waiting_.erase(delayed);
  uv_close(reinterpret_cast<uv_handle_t*>(&delayed->timer), [](uv_handle_t* handle) {
    const std::unique_ptr<DelayedTask> owned(static_cast<DelayedTask*>(handle->data));
    owned->owner->handle_closed();
  });
}

void ForegroundRunner::shut_down() {
  uv_async_t* handle = nullptr;
  {
    const std::lock_guard lock(mutex_);
    handle = std::exchange(wake_up_, nullptr);
    delayed_.clear();
  }
  if (handle == nullptr) return;
  tasks_.take_all();
  alive_until_closed_ = shared_from_this();
  while (!waiting_.empty()) {
    DelayedTask* const delayed = *waiting_.begin();
    delayed->task.reset();
    stop_timer(delayed);
  }
  uv_close(reinterpret_cast<uv_handle_t*>(handle), [](uv_handle_t* closed) {
    auto* const runner = static_cast<ForegroundRunner*>(closed->data);
    delete reinterpret_cast<uv_async_t*>(closed);
    runner->handle_closed();
  });
}

void ForegroundRunner::when_finished(void (*callback)(void*), void* data) {
  finished_.emplace_back(callback, data);
}

void ForegroundRunner::handle_closed() {
  if (--open_handles_ > 0) return;
  for (const auto& [callback, data] : finished_) callback(data);
  alive_until_closed_.reset();  // may be the end of this object
}

}  // namespace fw::v8host

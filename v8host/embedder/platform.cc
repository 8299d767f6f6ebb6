#include "v8host/embedder/platform.h"

#include <libplatform/libplatform.h>

#include "base/check.h"
#include "base/clock.h"

namespace fw::v8host {

Platform::Platform() { node::SetTracingController(&tracing_); }

Platform::Registered Platform::find(v8::Isolate* isolate) {
  const std::lock_guard lock(mutex_);
  const auto found = isolates_.find(isolate);
  return found == isolates_.end() ? Registered{} : found->second;
}

std::vector<v8::Isolate*> Platform::isolates() {
  const std::lock_guard lock(mutex_);
  std::vector<v8::Isolate*> all;
  all.reserve(isolates_.size());
  for (const auto& [isolate, registered] : isolates_) all.push_back(isolate);
  return all;
}

std::shared_ptr<v8::TaskRunner> Platform::GetForegroundTaskRunner(v8::Isolate* isolate) {
  const Registered registered = find(isolate);
  if (registered.delegate != nullptr) return registered.delegate->GetForegroundTaskRunner();
  FW_CHECK(registered.runner != nullptr, "isolates are registered before they run");
  return registered.runner;
}

void Platform::CallOnWorkerThread(std::unique_ptr<v8::Task> task) {
  background_.post(std::move(task));
}

void Platform::CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double delay_in_seconds) {
  background_.post_delayed(std::move(task), delay_in_seconds);
}

bool Platform::IdleTasksEnabled(v8::Isolate* isolate) {
  const Registered registered = find(isolate);
  return registered.delegate != nullptr && registered.delegate->IdleTasksEnabled();
}

std::unique_ptr<v8::JobHandle> Platform::PostJob(v8::TaskPriority priority,
                                                 std::unique_ptr<v8::JobTask> job_task) {
  // Whoever joins the job does all of it.
  constexpr std::size_t kHelpers = 0;
  return v8::platform::NewDefaultJobHandle(this, priority, std::move(job_task), kHelpers);
}

double Platform::MonotonicallyIncreasingTime() {
  return static_cast<double>(monotonic_ns()) / static_cast<double>(kNsPerSecond);
}

double Platform::CurrentClockTimeMillis() { return static_cast<double>(wall_clock_ms()); }

bool Platform::FlushForegroundTasks(v8::Isolate* isolate) {
  const Registered registered = find(isolate);
  return registered.runner != nullptr && registered.runner->run_pending();
}

void Platform::DrainTasks(v8::Isolate* isolate) {
  const Registered registered = find(isolate);
  if (registered.runner == nullptr) return;
  do {
    background_.wait_until_idle();
  } while (registered.runner->run_pending());
}

void Platform::RegisterIsolate(v8::Isolate* isolate, uv_loop_s* loop) {
  const std::lock_guard lock(mutex_);
  const bool added =
      isolates_.emplace(isolate, Registered{std::make_shared<ForegroundRunner>(isolate, loop)})
          .second;
  FW_CHECK(added, "node registers an isolate once");
}

void Platform::RegisterIsolate(v8::Isolate* isolate, node::IsolatePlatformDelegate* delegate) {
  const std::lock_guard lock(mutex_);
  const bool added = isolates_.emplace(isolate, Registered{nullptr, delegate}).second;
  FW_CHECK(added, "node registers an isolate once");
}

void Platform::UnregisterIsolate(v8::Isolate* isolate) {
  Registered registered;
  {
    const std::lock_guard lock(mutex_);
    const auto found = isolates_.find(isolate);
    FW_CHECK(found != isolates_.end(), "only registered isolates are unregistered");
    registered = found->second;
    isolates_.erase(found);
  }
  if (registered.runner != nullptr) registered.runner->shut_down();
}

void Platform::AddIsolateFinishedCallback(v8::Isolate* isolate, void (*callback)(void*),
                                          void* data) {
  const Registered registered = find(isolate);
  if (registered.runner != nullptr) {
    registered.runner->when_finished(callback, data);
  } else {
    callback(data);
  }
}

}  // namespace fw::v8host

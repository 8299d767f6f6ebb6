// Platform: what V8 and node need of us to run tasks. Unlike node's own it starts
// no thread by itself: with V8's --single-threaded the collector's jobs are done by
// the thread that waits for them, and next to nothing is posted to the background.
//
// Isolates of worker_threads register here too, from their own threads.
#pragma once

#include <node.h>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "v8host/embedder/background.h"
#include "v8host/embedder/foreground.h"
#include "v8host/embedder/page_allocator.h"

namespace fw::v8host {

class Platform final : public node::MultiIsolatePlatform {
 public:
  Platform();

  // Every registered isolate, for work on all of them while their threads stand
  // still. The list is a copy.
  std::vector<v8::Isolate*> isolates();

  v8::PageAllocator* GetPageAllocator() override { return &pages_; }
  // As V8's own platform for --single-threaded has it.
  int NumberOfWorkerThreads() override { return 0; }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate) override;
  void CallOnWorkerThread(std::unique_ptr<v8::Task> task) override;
  void CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double delay_in_seconds) override;
  bool IdleTasksEnabled(v8::Isolate* isolate) override;
  std::unique_ptr<v8::JobHandle> PostJob(v8::TaskPriority priority,
                                         std::unique_ptr<v8::JobTask> job_task) override;
  double MonotonicallyIncreasingTime() override;
  double CurrentClockTimeMillis() override;
  v8::TracingController* GetTracingController() override { return &tracing_; }

  bool FlushForegroundTasks(v8::Isolate* isolate) override;
  void DrainTasks(v8::Isolate* isolate) override;
  void RegisterIsolate(v8::Isolate* isolate, uv_loop_s* loop) override;
  void RegisterIsolate(v8::Isolate* isolate, node::IsolatePlatformDelegate* delegate) override;
  void UnregisterIsolate(v8::Isolate* isolate) override;
  void AddIsolateFinishedCallback(v8::Isolate* isolate, void (*callback)(void*),
                                  void* data) override;

 private:
  // Exactly one of the two is set.
  struct Registered {
    std::shared_ptr<ForegroundRunner> runner;
    node::IsolatePlatformDelegate* delegate = nullptr;
  };

  Registered find(v8::Isolate* isolate);

  PageAllocator pages_;
  v8::TracingController tracing_;  // the default one: traces nothing
  Background background_;
  std::mutex mutex_;  // of isolates_
  std::unordered_map<v8::Isolate*, Registered> isolates_;
};

}  // namespace fw::v8host

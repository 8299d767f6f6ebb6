// The platform that V8 and node run on: who runs which task, when, and what is left
// when an isolate goes.
#include "v8host/embedder/platform.h"

#include <doctest/doctest.h>
#include <libplatform/libplatform.h>
#include <uv.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

using fw::v8host::Background;
using fw::v8host::Platform;

namespace {

class Call final : public v8::Task {
 public:
  explicit Call(std::function<void()> function) : function_(std::move(function)) {}
  void Run() override { function_(); }

 private:
  std::function<void()> function_;
};

std::unique_ptr<v8::Task> call(std::function<void()> function) {
  return std::make_unique<Call>(std::move(function));
}

std::size_t threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

// Something that another thread does, to be waited for.
class Event {
 public:
  void happen() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return happened_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

// One for the process, as V8 allows no second.
Platform& platform() {
  static Platform* const kPlatform = [] {
    auto* const made = new Platform;
    v8::V8::SetFlagsFromString("--single-threaded");
    v8::V8::InitializePlatform(made);
    v8::V8::Initialize();
    return made;
  }();
  return *kPlatform;
}

// An isolate with a loop, registered for as long as it lives.
class Registered {
 public:
  Registered() {
    (void)platform();  // before anything else of V8
    uv_loop_init(&loop_);
    allocator_.reset(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
    isolate_ = v8::Isolate::Allocate();
    platform().RegisterIsolate(isolate_, &loop_);
    v8::Isolate::CreateParams parameters;
    parameters.array_buffer_allocator = allocator_.get();
    v8::Isolate::Initialize(isolate_, parameters);
  }
  ~Registered() {
    if (isolate_ != nullptr) unregister();
  }

  v8::Isolate* isolate() const { return isolate_; }
  std::shared_ptr<v8::TaskRunner> runner() { return platform().GetForegroundTaskRunner(isolate_); }

  // Runs the loop until `done`.
  void run_until(const std::atomic<bool>& done) {
    const v8::Locker locker(isolate_);
    const v8::Isolate::Scope scope(isolate_);
    // V8's tasks alone do not keep a loop going.
    uv_timer_t alive;
    uv_timer_init(&loop_, &alive);
    constexpr std::uint64_t kLong = 1'000'000;
    uv_timer_start(
        &alive, [](uv_timer_t*) {}, kLong, kLong);
    while (!done) uv_run(&loop_, UV_RUN_ONCE);
    uv_close(reinterpret_cast<uv_handle_t*>(&alive), nullptr);
    uv_run(&loop_, UV_RUN_NOWAIT);
  }

  void unregister() {
    bool finished = false;
    platform().AddIsolateFinishedCallback(
        isolate_, [](void* flag) { *static_cast<bool*>(flag) = true; }, &finished);
    platform().UnregisterIsolate(isolate_);
    isolate_->Dispose();
    isolate_ = nullptr;
    while (!finished) uv_run(&loop_, UV_RUN_ONCE);
    CHECK(uv_loop_close(&loop_) == 0);
  }

 private:
  uv_loop_t loop_{};
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator_;
  v8::Isolate* isolate_ = nullptr;
};

}  // namespace

TEST_CASE("The background has no thread before the first task") {
  const std::size_t before = threads();
  Background background;
  CHECK(threads() == before);
  CHECK_FALSE(background.wait_until_idle());
  CHECK(threads() == before);
  background.post(call([] {}));
  CHECK(threads() == before + 1);
}

TEST_CASE("Background tasks run in order, on one other thread") {
  std::vector<int> seen;
  std::vector<std::thread::id> by;
  Background background;
  for (int i = 0; i < 100; ++i) {
    background.post(call([&, i] {
      seen.push_back(i);
      by.push_back(std::this_thread::get_id());
    }));
  }
  background.wait_until_idle();
  REQUIRE(seen.size() == 100);
  for (int i = 0; i < 100; ++i) {
    CHECK(seen[static_cast<std::size_t>(i)] == i);
    CHECK(by[static_cast<std::size_t>(i)] == by[0]);
  }
  CHECK(by[0] != std::this_thread::get_id());
}

TEST_CASE("A delayed background task lets others pass and runs when it is due") {
  Background background;
  Event late_ran;
  std::atomic<bool> early_ran = false;
  bool early_first = false;
  background.post_delayed(call([&] {
                            early_first = early_ran;
                            late_ran.happen();
                          }),
                          0.05);
  background.post(call([&] { early_ran = true; }));
  late_ran.wait();
  CHECK(early_first);
}

TEST_CASE("Tasks that were not begun are dropped at the end") {
  bool ran = false;
  {
    Background background;
    background.post_delayed(call([&] { ran = true; }), 3600);
  }
  CHECK_FALSE(ran);
}

TEST_CASE("Foreground tasks of any thread run on the loop's thread, in order of each thread") {
  Registered registered;
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::vector<std::vector<int>> seen(kThreads);
  std::atomic<int> left = kThreads * kEach;
  std::atomic<bool> done = false;
  bool elsewhere = false;
  const std::thread::id loop_thread = std::this_thread::get_id();
  std::vector<std::thread> posters;
  for (int t = 0; t < kThreads; ++t) {
    posters.emplace_back([&, t, runner = registered.runner()] {
      for (int i = 0; i < kEach; ++i) {
        runner->PostTask(call([&, t, i] {
          elsewhere = elsewhere || std::this_thread::get_id() != loop_thread;
          seen[static_cast<std::size_t>(t)].push_back(i);
          if (--left == 0) done = true;
        }));
      }
    });
  }
  registered.run_until(done);
  for (std::thread& one : posters) one.join();
  CHECK_FALSE(elsewhere);
  for (const std::vector<int>& of_thread : seen) {
    REQUIRE(of_thread.size() == kEach);
    for (int i = 0; i < kEach; ++i) CHECK(of_thread[static_cast<std::size_t>(i)] == i);
  }
}

TEST_CASE("Delayed foreground tasks run in the order in which they are due") {
  Registered registered;
  std::vector<int> seen;
  std::atomic<bool> done = false;
  registered.runner()->PostDelayedTask(call([&] {
                                         seen.push_back(2);
                                         done = true;
                                       }),
                                       0.04);
  registered.runner()->PostDelayedTask(call([&] { seen.push_back(1); }), 0.01);
  registered.run_until(done);
  CHECK(seen == std::vector<int>{1, 2});
}

TEST_CASE("What a task posts runs in a later turn") {
  Registered registered;
  int depth = 0;
  int deepest = 0;
  std::atomic<bool> done = false;
  const auto runner = registered.runner();
  runner->PostTask(call([&] {
    ++depth;
    runner->PostNonNestableTask(call([&] {
      deepest = ++depth;
      --depth;
      done = true;
    }));
    --depth;
  }));
  registered.run_until(done);
  CHECK(deepest == 1);
}

TEST_CASE("Each isolate has its own tasks") {
  Registered one;
  Registered other;
  CHECK(one.runner() != other.runner());
  bool ran = false;
  one.runner()->PostTask(call([&] { ran = true; }));
  std::atomic<bool> done = false;
  other.runner()->PostTask(call([&] { done = true; }));
  other.run_until(done);
  CHECK_FALSE(ran);
  done = false;
  one.runner()->PostTask(call([&] { done = true; }));
  one.run_until(done);
  CHECK(ran);
}

TEST_CASE("Registered isolates are known until they are unregistered") {
  const std::size_t before = platform().isolates().size();
  {
    const Registered registered;
    CHECK(platform().isolates().size() == before + 1);
  }
  CHECK(platform().isolates().size() == before);
}

TEST_CASE("Tasks of an isolate that goes are dropped, also those posted later") {
  bool ran = false;
  std::shared_ptr<v8::TaskRunner> runner;
  {
    Registered registered;
    runner = registered.runner();
    runner->PostTask(call([&] { ran = true; }));
    runner->PostDelayedTask(call([&] { ran = true; }), 0);
    registered.unregister();
    runner->PostTask(call([&] { ran = true; }));
    runner->PostDelayedTask(call([&] { ran = true; }), 0);
  }
  CHECK_FALSE(ran);
}

TEST_CASE("A job is done by who joins it") {
  class Job final : public v8::JobTask {
   public:
    explicit Job(std::vector<std::thread::id>& by) : by_(by) {}
    void Run(v8::JobDelegate*) override {
      while (left_ > 0) {
        --left_;
        by_.push_back(std::this_thread::get_id());
      }
    }
    std::size_t GetMaxConcurrency(std::size_t) const override { return left_; }

   private:
    std::vector<std::thread::id>& by_;
    std::size_t left_ = 10;
  };
  std::vector<std::thread::id> by;
  platform().PostJob(v8::TaskPriority::kUserVisible, std::make_unique<Job>(by))->Join();
  CHECK(by == std::vector<std::thread::id>(10, std::this_thread::get_id()));
}

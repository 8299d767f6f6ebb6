#include "v8host/embedder/event_loop.h"

#include "base/check.h"
#include "base/clock.h"
#include "v8host/embedder/v8_internals.h"

namespace fw::v8host {

namespace {

v8::Local<v8::Function> tick_callback(v8::Isolate* isolate, v8::Local<v8::Context> context) {
  const auto name = [&](const char* text) {
    return v8::String::NewFromUtf8(isolate, text).ToLocalChecked();
  };
  const v8::Local<v8::Value> process =
      context->Global()->Get(context, name("process")).ToLocalChecked();
  return process.As<v8::Object>()
      ->Get(context, name("_tickCallback"))
      .ToLocalChecked()
      .As<v8::Function>();
}

}  // namespace

EventLoop::EventLoop(v8::Isolate* isolate, node::Environment* environment, uv_loop_t* loop,
                     Platform& platform)
    : isolate_(isolate),
      environment_(environment),
      loop_(loop),
      platform_(platform),
      run_ticks_(isolate, tick_callback(isolate, isolate->GetCurrentContext())) {}

void EventLoop::call_next(v8::Local<v8::Function> function) {
  FW_CHECK(next_.IsEmpty(), "one function at a time waits for the empty stack");
  next_.Reset(isolate_, function);
  uv_stop(loop_);
}

// Exceptions of the called functions go where node sends those of callbacks: to
// process's uncaughtException.
void EventLoop::call(v8::Local<v8::Function> function) {
  const v8::HandleScope handles(isolate_);
  {
    v8::TryCatch caught(isolate_);
    const v8::Local<v8::Context> context = isolate_->GetCurrentContext();
    if (function->Call(context, v8::Undefined(isolate_), 0, nullptr).IsEmpty() &&
        caught.HasCaught()) {
      node::FatalException(isolate_, caught);
    }
  }
  run_ticks();
}

void EventLoop::run_ticks() {
  const v8::HandleScope handles(isolate_);
  v8::TryCatch caught(isolate_);
  if (run_ticks_.Get(isolate_)
          ->Call(isolate_->GetCurrentContext(), v8::Undefined(isolate_), 0, nullptr)
          .IsEmpty() &&
      caught.HasCaught()) {
    node::FatalException(isolate_, caught);
  }
}

bool EventLoop::turn(uv_run_mode mode) {
  uv_run(loop_, mode);
  platform_.DrainTasks(isolate_);
  return uv_loop_alive(loop_) != 0;
}

void EventLoop::run(v8::Local<v8::Function> drained) {
  for (;;) {
    if (!next_.IsEmpty()) {
      const v8::HandleScope handles(isolate_);
      const v8::Local<v8::Function> function = next_.Get(isolate_);
      next_.Reset();
      call(function);
      continue;
    }
    if (turn(UV_RUN_DEFAULT) || !next_.IsEmpty()) continue;
    {
      const v8::HandleScope handles(isolate_);
      (void)node::EmitProcessBeforeExit(environment_);
    }
    if (!next_.IsEmpty() || uv_loop_alive(loop_) != 0) continue;
    call(drained);
    if (next_.IsEmpty() && uv_loop_alive(loop_) == 0) return;
  }
}

// A snapshot point is a synchronous call, yet hooks and training may be
// asynchronous: so the loop runs inside the call. Three things are then different
// from an ordinary turn:
// - node runs process.nextTick() queues only when the outermost callback ends; they
//   are run here by hand.
// - V8 runs no promise reactions while it runs one already, which is the case when
//   the snapshot point comes after an `await`. Its queue can be run again all the
//   same: it keeps its position in memory, not on the stack.
// - libuv must not be entered from one of its own callbacks. It is, when the point
//   comes after an awaited timer or I/O: libuv keeps its queues in the loop object
//   and takes each entry off before calling back, so that the inner run works on
//   what is left, and the outer one finds nothing.
EventLoop::Settled EventLoop::run_until_settled(v8::Local<v8::Promise> promise,
                                                std::uint64_t limit_ms) {
  const std::uint64_t deadline = monotonic_ns() + limit_ms * kNsPerMs;
  // Makes the loop return in time when nothing else does.
  uv_timer_t* const alarm = new uv_timer_t;
  uv_timer_init(loop_, alarm);
  uv_timer_start(
      alarm, [](uv_timer_t*) {}, limit_ms, 0);
  uv_unref(reinterpret_cast<uv_handle_t*>(alarm));

  Settled settled = Settled::kPending;
  for (;;) {
    run_ticks();
    run_microtasks();
    if (promise->State() == v8::Promise::kFulfilled) settled = Settled::kFulfilled;
    if (promise->State() == v8::Promise::kRejected) settled = Settled::kRejected;
    if (settled != Settled::kPending || monotonic_ns() >= deadline) break;
    if (uv_loop_alive(loop_) == 0 && !platform_.FlushForegroundTasks(isolate_)) {
      settled = Settled::kNothingLeft;
      break;
    }
    turn(UV_RUN_ONCE);
  }
  uv_close(reinterpret_cast<uv_handle_t*>(alarm),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
  uv_run(loop_, UV_RUN_NOWAIT);  // closes it
  return settled;
}

void EventLoop::run_microtasks() {
  v8::MicrotaskQueue* queue = isolate_->GetCurrentContext()->GetMicrotaskQueue();
  reinterpret_cast<v8::internal::MicrotaskQueue*>(queue)->RunMicrotasks(
      reinterpret_cast<v8::internal::Isolate*>(isolate_));
}

}  // namespace fw::v8host

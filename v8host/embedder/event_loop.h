// EventLoop: runs the main thread. All of our JavaScript is called from here, on
// an empty stack, rather than from within libuv's callbacks: a snapshot point
// reached from there may run the loop once more, since it is not running already.
#pragma once

#include <node.h>
#include <uv.h>
#include <v8.h>

#include "v8host/embedder/platform.h"

namespace fw::v8host {

class EventLoop {
 public:
  EventLoop(v8::Isolate* isolate, node::Environment* environment, uv_loop_t* loop,
            Platform& platform);

  // Has `function` called next from run(), on an empty stack.
  void call_next(v8::Local<v8::Function> function);

  // Runs until there is nothing left to do, then calls `drained`; ends when that
  // leaves nothing to do either.
  void run(v8::Local<v8::Function> drained);

  enum class Settled { kPending, kFulfilled, kRejected, kNothingLeft };

  // Runs the loop until the promise is settled, `limit_ms` passed (kPending) or
  // there is nothing that could settle it (kNothingLeft). May be called from
  // within JavaScript; see event_loop.cc for what that takes.
  Settled run_until_settled(v8::Local<v8::Promise> promise, std::uint64_t limit_ms);

 private:
  void call(v8::Local<v8::Function> function);
  void run_microtasks();
  void run_ticks();
  bool turn(uv_run_mode mode);

  v8::Isolate* isolate_;
  node::Environment* environment_;
  uv_loop_t* loop_;
  Platform& platform_;
  v8::Global<v8::Function> next_;
  v8::Global<v8::Function> run_ticks_;  // process._tickCallback
};

}  // namespace fw::v8host

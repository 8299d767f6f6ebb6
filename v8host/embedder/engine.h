// Engine: V8 and node, started once in this process and never torn down: a host
// ends by answering and leaving, and what a restored process starts from is what
// was captured.
#pragma once

#include <node.h>
#include <uv.h>
#include <v8.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "v8host/core/host.h"
#include "v8host/embedder/platform.h"

namespace fw::v8host {

class Engine {
 public:
  // Starts it with `program` as process.argv[0] and the job's entry as argv[1].
  static Result<std::unique_ptr<Engine>> start(const std::string& program, const embed::Job& job);

  v8::Isolate* isolate() const { return setup_->isolate(); }
  v8::Local<v8::Context> context() const { return setup_->context(); }
  node::Environment* environment() const { return setup_->env(); }
  uv_loop_t* loop() const { return setup_->event_loop(); }
  Platform& platform() { return platform_; }

 private:
  Engine() = default;

  Platform platform_;
  std::unique_ptr<node::CommonEnvironmentSetup> setup_;
};

}  // namespace fw::v8host

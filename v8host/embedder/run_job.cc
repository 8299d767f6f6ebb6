#include "v8host/embedder/run_job.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdio>

#include "base/clock.h"
#include "embed/report.h"
#include "embed/watchdog.h"
#include "v8host/core/core.h"
#include "v8host/embedder/binding.h"
#include "v8host/embedder/deopt_trace.h"
#include "v8host/embedder/engine.h"
#include "v8host/embedder/event_loop.h"
#include "v8host/embedder/jit_receipt.h"
#include "v8host/embedder/renewal.h"
#include "v8host/embedder/sources.h"
#include "v8host/embedder/stack_trace.h"

namespace fw::v8host {

namespace {

// Node ends a process by this when an exception reaches the top although our
// listener was removed, or by a process.exit() that did not come through ours.
void on_node_exit(Host& host, int code) {
  const std::string message = "the process ended with code " + std::to_string(code);
  if (host.mode == Mode::kInstalling) host.fail_install("Install.Exit", message);
  embed::ErrorReport error;
  error.error_type = "Runtime.ExitError";
  error.error_message = message;
  (void)host.snapshot.client().answer(args::Outcome::kError, embed::to_json_text(error));
  ::_exit(code);
}

v8::Local<v8::String> text(v8::Isolate* isolate, std::string_view bytes) {
  return v8::String::NewFromUtf8(isolate, bytes.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(bytes.size()))
      .ToLocalChecked();
}

// Compiles and calls bootstrap.js, which returns {start, drained}.
v8::MaybeLocal<v8::Object> bootstrap(Binding& binding, v8::Local<v8::Object> process,
                                     v8::Local<v8::Function> native_require,
                                     double boot_started_us) {
  v8::Isolate* isolate = binding.isolate;
  const v8::Local<v8::Context> context = isolate->GetCurrentContext();
  constexpr char kFile[] = "v8host/bootstrap.js";
  const v8::ScriptOrigin origin(isolate, text(isolate, "fwrun:bootstrap.js"));
  v8::ScriptCompiler::Source source(text(isolate, embedded_source(kFile)), origin);
  v8::Local<v8::String> names[] = {text(isolate, "process"), text(isolate, "nativeRequire"),
                                   text(isolate, "embedder"), text(isolate, "startedUs")};
  v8::Local<v8::Function> function;
  if (!v8::ScriptCompiler::CompileFunctionInContext(context, &source, std::size(names), names, 0,
                                                    nullptr)
           .ToLocal(&function)) {
    return {};
  }
  v8::Local<v8::Value> arguments[] = {process, native_require, make_binding(binding),
                                      v8::Number::New(isolate, boot_started_us)};
  v8::Local<v8::Value> result;
  if (!function->Call(context, v8::Undefined(isolate), std::size(arguments), arguments)
           .ToLocal(&result)) {
    return {};
  }
  return result.As<v8::Object>();
}

v8::Local<v8::Function> function_of(v8::Isolate* isolate, v8::Local<v8::Object> object,
                                    const char* name) {
  return object->Get(isolate->GetCurrentContext(), text(isolate, name))
      .ToLocalChecked()
      .As<v8::Function>();
}

// At a point where JavaScript can be interrupted.
void report_user_stack(v8::Isolate* isolate, void* watchdog) {
  static_cast<embed::Watchdog*>(watchdog)->report_stack(
      [&] { return current_user_stack(isolate); });
}

[[noreturn]] void run(Host& host, Engine& engine, double boot_started_us) {
  v8::Isolate* isolate = engine.isolate();
  const v8::Locker locker(isolate);
  const v8::Isolate::Scope isolate_scope(isolate);
  const v8::HandleScope handles(isolate);
  const v8::Context::Scope context_scope(engine.context());

  Renewal renewal(isolate, engine.platform());
  if (Status armed = renewal.arm(host); !armed) {
    host.fail_install("Install.Internal", armed.error().message());
  }
  embed::Watchdog* guard = nullptr;  // never moves, lives as long as the isolate
  embed::Watchdog watchdog(host, [&] { isolate->RequestInterrupt(report_user_stack, guard); });
  guard = &watchdog;
  EventLoop loop(isolate, engine.environment(), engine.loop(), engine.platform());
  JitReceipt receipt(isolate, host);
  receipt.arm();
  Binding binding{isolate, loop, renewal, watchdog, receipt};

  const napi_module core = core_module(host);
  node::AddLinkedBinding(engine.environment(), core);
  node::SetProcessExitHandler(engine.environment(),
                              [&host](node::Environment*, int code) { on_node_exit(host, code); });

  v8::TryCatch caught(isolate);
  // The result comes out of node's own handle scope; a handle kept in the callback
  // would not.
  v8::Local<v8::Value> loaded;
  const bool started =
      node::LoadEnvironment(
          engine.environment(),
          [&](const node::StartExecutionCallbackInfo& info) -> v8::MaybeLocal<v8::Value> {
            v8::Local<v8::Object> script;
            if (!bootstrap(binding, info.process_object, info.native_require, boot_started_us)
                     .ToLocal(&script)) {
              return {};
            }
            return script;
          })
          .ToLocal(&loaded);
  if (!started || !loaded->IsObject()) {
    const v8::String::Utf8Value message(
        isolate, caught.HasCaught() ? caught.Exception() : v8::Undefined(isolate).As<v8::Value>());
    host.fail_install("Install.Internal", std::string("the host's own code failed: ") +
                                              (*message != nullptr ? *message : "?"));
  }
  const auto host_script = loaded.As<v8::Object>();
  caught.Reset();
  loop.call_next(function_of(isolate, host_script, "start"));
  loop.run(function_of(isolate, host_script, "drained"));
  host.fail_install("Install.Internal", "the event loop ended without an answer");
}

}  // namespace

int run_job(const std::string& program, UniqueFd job_fd, UniqueFd slot) {
  const double boot_started_us = static_cast<double>(monotonic_ns()) / kNsPerUs;
  auto snapshot = embed::HostSnapshot::with_slot(std::move(slot));
  if (!snapshot) {
    std::fprintf(stderr, "fwrun-v8host: %s\n", snapshot.error().message().c_str());
    return 1;
  }
  // Never freed: everything refers to it until the process ends.
  Host& host = *new Host(std::move(*snapshot));

  host.boot(std::move(job_fd));
  catch_trace(host.code_lost);
  // What node keeps for good, the sources of its own modules above all, comes from
  // one heap instead of many mappings, each of which a restore would have to make.
  constexpr int kHuge = 1 << 30;
  constexpr int kUsual = 128 << 10;  // glibc's
  ::mallopt(M_MMAP_THRESHOLD, kHuge);
  Result<std::unique_ptr<Engine>> engine = Engine::start(program, host.job);
  ::mallopt(M_MMAP_THRESHOLD, kUsual);
  if (!engine) host.fail_install("Install.Engine", engine.error().message());
  run(host, **engine, boot_started_us);
}

}  // namespace fw::v8host

#include <uv.h>

#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

namespace {

// JavaScript's, of the one environment that loads the core.
napi_ref call_context_reader = nullptr;

void update_time(napi_env env) {
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  uv_update_time(loop);
}

// False when JavaScript has thrown.
bool tell_call_context(napi_env env, Host& host) {
  napi_value reader = nullptr;
  napi_value text = make_string(env, host.call_context);
  if (text == nullptr || call_context_reader == nullptr) return text != nullptr;
  host.told_call_context = !host.call_context.empty();
  napi_get_reference_value(env, call_context_reader, &reader);
  return napi_call_function(env, undefined(env), reader, 1, &text, nullptr) == napi_ok;
}

}  // namespace

// putToSelf(requestId, text) -> boolean: begins a training call, and puts its
// arguments where those of invocations arrive. False when they are too large for
// that: the call is then to be made without the slot.
napi_value put_to_self(napi_env env, napi_callback_info info) {
  Host& host = host_of(env);
  const Arguments<2> arguments(env, info);
  std::string id;
  std::string text;
  if (!read_string(env, arguments[0], id) || !read_string(env, arguments[1], text)) return nullptr;
  const Result<bool> put = host.put_to_self(id, text);
  if (!put) {
    throw_error(env, put.error());
    return nullptr;
  }
  return make_boolean(env, *put);
}

// takeArguments() -> string: waits for an invocation and gives its arguments. The event
// loop learns how late it is: it may have been waiting for long, and would take timers
// that are set now to have been set before.
napi_value take_arguments(napi_env env, napi_callback_info) {
  Host& host = host_of(env);
  const Result<std::string_view> taken = host.take();
  if (!taken) {
    throw_error(env, taken.error());
    return nullptr;
  }
  if (host.mode == Mode::kServing) update_time(env);
  if (!host.call_context.empty() || host.told_call_context) {
    if (!tell_call_context(env, host)) return nullptr;
  }
  return make_string(env, *taken);
}

// onCallContext(reader): reader(text) is called while arguments are taken that came with
// a call context (gateway/call_context.h); and with '' when the next come without one.
napi_value on_call_context(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  napi_create_reference(env, arguments[0], 1, &call_context_reader);
  return nullptr;
}

// requestId() -> string, of the arguments taken last.
napi_value request_id(napi_env env, napi_callback_info) {
  return make_string(env, host_of(env).request_id);
}

// remainingMs() -> number: whole milliseconds until the deadline, never negative.
napi_value remaining_ms(napi_env env, napi_callback_info) {
  return make_number(env, static_cast<double>(host_of(env).remaining_ms()));
}

// mark(instant): notes the time; `instant` is an args::Instant.
napi_value mark(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  std::uint32_t instant = 0;
  if (!read_uint32(env, arguments[0], instant)) return nullptr;
  host_of(env).mark(instant);
  return nullptr;
}

}  // namespace fw::v8host

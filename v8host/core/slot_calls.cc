#include "base/clock.h"
#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

// putToSelf(requestId, text) -> boolean: begins a training call, and puts its
// arguments where those of invocations arrive. False when they are too large for
// that: the call is then to be made without the slot.
napi_value put_to_self(napi_env env, napi_callback_info info) {
  Host& host = host_of(env);
  const Arguments<2> arguments(env, info);
  std::string id;
  std::string text;
  if (!read_string(env, arguments[0], id) || !read_string(env, arguments[1], text)) return nullptr;
  host.trained_log.clear();
  host.trained_answer.clear();
  const Status put = host.snapshot.client().put_to_self(id, text);
  host.trained_in_slot = put.has_value();
  host.request_id = id;
  host.deadline_ns = monotonic_ns() + host.job.timeout_ms * kNsPerMs;
  if (!put && put.error().code() != Errc::kBadInput) {
    throw_error(env, put.error());
    return nullptr;
  }
  return make_boolean(env, put.has_value());
}

// takeArguments() -> string: waits for an invocation and gives its arguments.
napi_value take_arguments(napi_env env, napi_callback_info) {
  Host& host = host_of(env);
  const Result<args::Taken> taken = host.snapshot.client().take();
  if (!taken) {
    throw_error(env, taken.error());
    return nullptr;
  }
  host.request_id.assign(taken->request_id);
  host.deadline_ns = taken->deadline_ns != 0 ? taken->deadline_ns
                                             : monotonic_ns() + host.job.timeout_ms * kNsPerMs;
  return make_string(env, taken->arguments);
}

// requestId() -> string, of the arguments taken last.
napi_value request_id(napi_env env, napi_callback_info) {
  return make_string(env, host_of(env).request_id);
}

// remainingMs() -> number: whole milliseconds until the deadline, never negative.
napi_value remaining_ms(napi_env env, napi_callback_info) {
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t deadline = host_of(env).deadline_ns;
  const std::uint64_t left = now < deadline ? (deadline - now) / kNsPerMs : 0;
  return make_number(env, static_cast<double>(left));
}

// mark(instant): notes the time; `instant` is an args::Instant.
napi_value mark(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  std::uint32_t instant = 0;
  if (!read_uint32(env, arguments[0], instant)) return nullptr;
  args::Timeline& timeline = host_of(env).snapshot.client().timeline();
  if (instant < timeline.size()) timeline[instant] = monotonic_ns();
  return nullptr;
}

}  // namespace fw::v8host

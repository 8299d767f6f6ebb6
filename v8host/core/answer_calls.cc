#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

namespace {

// The bytes of a string or of a typed array.
bool read_bytes(napi_env env, napi_value value, std::string& copy, std::string_view& bytes) {
  bool typed = false;
  napi_is_typedarray(env, value, &typed);
  if (!typed) {
    if (!read_string(env, value, copy)) return false;
    bytes = copy;
    return true;
  }
  void* data = nullptr;
  std::size_t length = 0;
  napi_typedarray_type type{};
  napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr);
  if (type != napi_uint8_array) {
    napi_throw_type_error(env, nullptr, "a string or a Uint8Array was expected");
    return false;
  }
  bytes = {static_cast<const char*>(data), length};
  return true;
}

bool read_outcome(napi_env env, napi_value value, args::Outcome& outcome) {
  bool failed = false;
  if (napi_get_value_bool(env, value, &failed) != napi_ok) {
    napi_throw_type_error(env, nullptr, "a boolean was expected");
    return false;
  }
  outcome = failed ? args::Outcome::kError : args::Outcome::kResult;
  return true;
}

}  // namespace

// answer(failed, text) -> boolean: the answer to the arguments taken last. False
// when it is too large: nothing was answered.
napi_value answer(napi_env env, napi_callback_info info) {
  Host& host = host_of(env);
  const Arguments<2> arguments(env, info);
  args::Outcome outcome{};
  std::string body;
  if (!read_outcome(env, arguments[0], outcome) || !read_string(env, arguments[1], body)) {
    return nullptr;
  }
  if (host.mode == Mode::kServing && host.code_lost) host.tell_lost_code();
  host.snapshot.client().set_jit(host.jit);
  const Result<bool> answered = host.answer(outcome, body);
  if (!answered) {
    throw_error(env, answered.error());
    return nullptr;
  }
  if (*answered) host.jit = host.jit_at_capture;
  return make_boolean(env, *answered);
}

// done(): the invocation is answered. Ends a restored process, unless its requester
// wants it to stay; a training call goes on.
napi_value done(napi_env env, napi_callback_info) {
  Host& host = host_of(env);
  if (host.mode == Mode::kServing && host.code_lost) host.forget_lost_code();
  host.done();
  return nullptr;
}

// log(stream, text or bytes): console output; stream 1 is stdout, 2 is stderr.
napi_value write_log(napi_env env, napi_callback_info info) {
  Host& host = host_of(env);
  const Arguments<2> arguments(env, info);
  std::uint32_t stream = 0;
  std::string copy;
  std::string_view text;
  if (!read_uint32(env, arguments[0], stream) || !read_bytes(env, arguments[1], copy, text)) {
    return nullptr;
  }
  host.log(stream == 2 ? args::Stream::kStderr : args::Stream::kStdout, text);
  return nullptr;
}

// finish(failed, text): answers the install and ends the process.
napi_value finish(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  args::Outcome outcome{};
  std::string body;
  if (!read_outcome(env, arguments[0], outcome) || !read_string(env, arguments[1], body)) {
    return nullptr;
  }
  host_of(env).finish_install(outcome, body);
}

}  // namespace fw::v8host

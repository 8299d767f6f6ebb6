// The functions of the core that JavaScript can call, by subject. What each
// takes and gives is said where it is defined.
#pragma once

#include <node_api.h>

namespace fw::v8host {

// slot_calls.cc
napi_value put_to_self(napi_env env, napi_callback_info info);
napi_value take_arguments(napi_env env, napi_callback_info info);
napi_value on_call_context(napi_env env, napi_callback_info info);
napi_value request_id(napi_env env, napi_callback_info info);
napi_value remaining_ms(napi_env env, napi_callback_info info);
napi_value mark(napi_env env, napi_callback_info info);

// answer_calls.cc
napi_value answer(napi_env env, napi_callback_info info);
napi_value done(napi_env env, napi_callback_info info);
napi_value write_log(napi_env env, napi_callback_info info);
napi_value finish(napi_env env, napi_callback_info info);

// capture_call.cc
napi_value capture(napi_env env, napi_callback_info info);

// training_calls.cc
napi_value trained(napi_env env, napi_callback_info info);
napi_value type_warnings(napi_env env, napi_callback_info info);

// process_calls.cc
napi_value trim(napi_env env, napi_callback_info info);
napi_value exit_now(napi_env env, napi_callback_info info);
napi_value pid(napi_env env, napi_callback_info info);
napi_value entropy_calls(napi_env env, napi_callback_info info);

}  // namespace fw::v8host

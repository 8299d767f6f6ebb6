#include "embed/event_types.h"
#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

// trained() -> {failed, answer, log}, of the last training call.
napi_value trained(napi_env env, napi_callback_info) {
  const embed::Trained& trained = host_of(env).trained;
  napi_value object = nullptr;
  napi_create_object(env, &object);
  set_property(env, object, "failed", make_boolean(env, trained.outcome == args::Outcome::kError));
  set_property(env, object, "answer", make_string(env, trained.answer));
  set_property(env, object, "log", make_string(env, trained.log));
  return object;
}

// typeWarnings(events) -> [text]: see embed/event_types.h; `events` is the JSON text of
// an array.
napi_value type_warnings(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  std::string events;
  if (!read_string(env, arguments[0], events)) return nullptr;
  napi_value list = nullptr;
  napi_create_array(env, &list);
  std::uint32_t index = 0;
  for (const std::string& warning : embed::one_type_warnings(events)) {
    napi_set_element(env, list, index++, make_string(env, warning));
  }
  return list;
}

}  // namespace fw::v8host

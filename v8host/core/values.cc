#include "v8host/core/values.h"

namespace fw::v8host {

Host& host_of(napi_env env) {
  void* host = nullptr;
  napi_get_instance_data(env, &host);
  return *static_cast<Host*>(host);
}

napi_value undefined(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

napi_value make_string(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  if (napi_create_string_utf8(env, text.data(), text.size(), &value) != napi_ok) {
    napi_throw_error(env, nullptr, "the text is longer than a JavaScript string can be");
  }
  return value;
}

napi_value make_number(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

napi_value make_boolean(napi_env env, bool boolean) {
  napi_value value = nullptr;
  napi_get_boolean(env, boolean, &value);
  return value;
}

void set_property(napi_env env, napi_value object, const char* name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

bool read_string(napi_env env, napi_value value, std::string& into) {
  std::size_t bytes = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &bytes) != napi_ok) {
    napi_throw_type_error(env, nullptr, "a string was expected");
    return false;
  }
  into.resize(bytes);
  // One more for the zero, which std::string has room for.
  napi_get_value_string_utf8(env, value, into.data(), bytes + 1, &bytes);
  return true;
}

bool read_uint32(napi_env env, napi_value value, std::uint32_t& into) {
  if (napi_get_value_uint32(env, value, &into) == napi_ok) return true;
  napi_throw_type_error(env, nullptr, "a number was expected");
  return false;
}

void throw_error(napi_env env, const Error& error) {
  napi_throw_error(env, nullptr, error.message().c_str());
}

}  // namespace fw::v8host

// Between JavaScript values and ours. A function that fails has thrown into
// JavaScript: its caller returns nullptr at once.
#pragma once

#include <node_api.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "v8host/core/host.h"

namespace fw::v8host {

// The arguments of one call from JavaScript.
template <std::size_t kCount>
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) {
    std::size_t count = kCount;
    napi_get_cb_info(env, info, &count, values_.data(), nullptr, nullptr);
  }
  napi_value operator[](std::size_t index) const { return values_[index]; }

 private:
  std::array<napi_value, kCount> values_{};
};

Host& host_of(napi_env env);

napi_value undefined(napi_env env);
napi_value make_string(napi_env env, std::string_view text);
napi_value make_number(napi_env env, double number);
napi_value make_boolean(napi_env env, bool value);
void set_property(napi_env env, napi_value object, const char* name, napi_value value);

// False when the value is no string; then a TypeError is pending.
bool read_string(napi_env env, napi_value value, std::string& into);
bool read_uint32(napi_env env, napi_value value, std::uint32_t& into);

void throw_error(napi_env env, const Error& error);

}  // namespace fw::v8host

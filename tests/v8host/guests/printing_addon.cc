// print(text): prints by C's stdio and C++'s streams, half and half, as native addons do.
#include <node_api.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <string_view>

namespace {

napi_value print(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value argument = nullptr;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  std::array<char, 256> text{};
  napi_get_value_string_utf8(env, argument, text.data(), text.size(), nullptr);
  const std::string_view all(text.data());
  std::printf("%.*s", static_cast<int>(all.size() / 2), all.data());
  std::cout << all.substr(all.size() / 2);
  return nullptr;
}

napi_value load(napi_env env, napi_value exports) {
  napi_value function = nullptr;
  napi_create_function(env, "print", NAPI_AUTO_LENGTH, print, nullptr, &function);
  napi_set_named_property(env, exports, "print", function);
  return exports;
}

}  // namespace

NAPI_MODULE(printing, load)

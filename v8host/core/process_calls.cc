#include <unistd.h>

#include "embed/kernel_entropy.h"
#include "embed/settle_heap.h"
#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

// trim(): puts malloc's free memory in order for the snapshot.
napi_value trim(napi_env, napi_callback_info) {
  embed::settle_heap();
  return nullptr;
}

// exitNow(code): ends the process, all threads, without handlers of any kind.
napi_value exit_now(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  std::uint32_t code = 0;
  if (!read_uint32(env, arguments[0], code)) return nullptr;
  ::_exit(static_cast<int>(code));
}

// pid() -> number, asked of the kernel.
napi_value pid(napi_env env, napi_callback_info) {
  return make_number(env, static_cast<double>(::getpid()));
}

// entropyCalls() -> number: how often OpenSSL has drawn random bytes. Tells when
// a cache built on it was refilled.
napi_value entropy_calls(napi_env env, napi_callback_info) {
  return make_number(env, static_cast<double>(embed::entropy_draws()));
}

}  // namespace fw::v8host

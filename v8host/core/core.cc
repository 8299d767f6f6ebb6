// The random method is deprecated, see embed/kernel_entropy.cc.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "v8host/core/core.h"

#include <openssl/rand.h>

#include "embed/job.h"
#include "embed/kernel_entropy.h"
#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

namespace {

// Node hands a linked module's nm_priv to nobody: the host waits here for the one
// environment that may load the module, which then keeps it as instance data.
Host* the_host = nullptr;

struct Entry {
  const char* name;
  napi_callback function;
};

constexpr Entry kEntries[] = {
    {"putToSelf", put_to_self},
    {"takeArguments", take_arguments},
    {"onCallContext", on_call_context},
    {"requestId", request_id},
    {"remainingMs", remaining_ms},
    {"mark", mark},
    {"answer", answer},
    {"done", done},
    {"log", write_log},
    {"trained", trained},
    {"finish", finish},
    {"capture", capture},
    {"trim", trim},
    {"exitNow", exit_now},
    {"typeWarnings", type_warnings},
    {"pid", pid},
    {"entropyCalls", entropy_calls},
};

napi_value load(napi_env env, napi_value exports) {
  napi_set_instance_data(env, the_host, nullptr, nullptr);
  for (const Entry& entry : kEntries) {
    napi_value function = nullptr;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &function);
    set_property(env, exports, entry.name, function);
  }
  set_property(env, exports, "job", make_string(env, embed::to_json(the_host->job).dump()));
  return exports;
}

}  // namespace

napi_module core_module(Host& host) {
  the_host = &host;
  embed::use_kernel_entropy(&RAND_set_rand_method);
  napi_module module{};
  module.nm_version = NAPI_MODULE_VERSION;
  module.nm_filename = "fwrun-v8host";
  module.nm_register_func = load;
  module.nm_modname = kCoreName;
  return module;
}

}  // namespace fw::v8host

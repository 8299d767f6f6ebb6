// The core of the JavaScript host as a Node-API module named "fwrun_core".
// JavaScript gets it by process._linkedBinding("fwrun_core"); its functions are
// described where they are defined.
#pragma once

#include <node_api.h>

#include "v8host/core/host.h"

namespace fw::v8host {

inline constexpr char kCoreName[] = "fwrun_core";

// The module, to be given to node once. `host` must outlive the process's
// JavaScript.
napi_module core_module(Host& host);

}  // namespace fw::v8host

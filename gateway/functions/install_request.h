// PUT /functions/{name}, read: what is to be installed.
#pragma once

#include <string>

#include "gateway/exchange.h"
#include "store/install/request.h"

namespace fw::gateway::functions {

struct WantedInstall {
  store::InstallRequest request;  // of an upload without its source
  std::string file_name;          // of an upload: "handler.js" or "handler.py"; else empty
  std::string text;               // of an upload: the source
};

// With content type application/json the body is an object:
//   source         absolute path of a file or folder on this machine, where it stays
//   handler, memory_mb, timeout_ms, environment {name: text}, auto_jit, jit_tolerance,
//   require_jit    as of `fwrun --install`
//   training       an array of events
// With text/javascript or text/x-python it is the source itself, and handler, memory_mb
// and timeout_ms may be in the query. kBadInput for anything else.
Result<WantedInstall> read_install(const Exchange& exchange);

}  // namespace fw::gateway::functions

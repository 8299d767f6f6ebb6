// The binding "fwrun_embedder": what our JavaScript needs of V8's and node's C++
// interface, and what a stock node has to offer in some other way.
#pragma once

#include <v8.h>

#include "embed/watchdog.h"
#include "v8host/embedder/engine.h"
#include "v8host/embedder/event_loop.h"
#include "v8host/embedder/jit_receipt.h"
#include "v8host/embedder/renewal.h"

namespace fw::v8host {

inline constexpr char kBindingName[] = "fwrun_embedder";

struct Binding {
  v8::Isolate* isolate;
  EventLoop& loop;
  Renewal& renewal;
  embed::Watchdog& watchdog;
  JitReceipt& receipt;
};

// The object with the functions, each described in binding.cc. `binding` must
// live until the process ends.
v8::Local<v8::Object> make_binding(Binding& binding);

}  // namespace fw::v8host

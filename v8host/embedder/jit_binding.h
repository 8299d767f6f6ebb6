// The part of the binding "fwrun_embedder" that tells what became of optimised code.
#pragma once

#include <v8.h>

#include "v8host/embedder/jit_receipt.h"

namespace fw::v8host {

// Adds the functions, each described in jit_binding.cc, to `object`. `receipt` must
// live until the process ends.
void add_jit_calls(v8::Local<v8::Object> object, JitReceipt& receipt);

}  // namespace fw::v8host

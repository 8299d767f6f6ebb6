// Host: the process as the core sees it. One object, made by whoever hosts the core
// (our embedder; a launcher of a stock node) before JavaScript runs, living until the
// process ends. The core itself is Node-API only: it includes neither v8.h nor
// node.h, so that it loads into any node from 18 on.
#pragma once

#include <atomic>
#include <functional>

#include "embed/host.h"

namespace fw::v8host {

using embed::Mode;

struct Host : embed::Host {
  using embed::Host::Host;

  // Called right before the capture with no JavaScript in between, and right
  // after a restore before any JavaScript. Set by the embedder for what needs
  // the engine's own interface.
  std::function<void()> before_capture = [] {};
  std::function<void()> after_restore = [] {};

  // Set, by any thread, when compiled code was lost. Then tell_lost_code() is called
  // before an answer: it sets `jit` to kLost and gives the notes if that concerns the
  // invocation. And forget_lost_code() after an answer.
  //
  // The flag is here, not with whoever sets it, because a restored process pays for
  // each page that it looks at, and it looks at this object anyway.
  std::atomic<bool> code_lost = false;
  std::function<void()> tell_lost_code = [] {};
  std::function<void()> forget_lost_code = [] {};

  bool told_call_context = false;  // JavaScript knows of one; here as the flag above is

  args::Jit jit_at_capture = args::Jit::kNothing;  // kPostJit: there was code to lose
  args::Jit jit = args::Jit::kNothing;             // of the invocation under way
};

}  // namespace fw::v8host

// Worker: the event loop of one core, and the templates and clones of that core. It is
// where requests arrive, where their clones run, and where answers are collected: a
// request that stays on its core is handed to its clone by one futex on the same CPU.
//
// What is not marked otherwise is for the worker's own thread, that is, for code that
// runs in its loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "pool/call.h"

namespace fw::pool {

class Worker {
 public:
  virtual ~Worker() = default;

  // Invokes; `done` is called later, on this thread, exactly once.
  virtual void invoke(Call call, Done done) = 0;

  // The loop. Posting to it is for any thread.
  virtual boost::asio::io_context& loop() = 0;

  // The core it is pinned to, counted from 0 among the pool's.
  virtual unsigned index() const = 0;
};

}  // namespace fw::pool

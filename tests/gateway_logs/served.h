// Invocations as a pool would tell of them.
#pragma once

#include <string>

#include "pool/call.h"

namespace fw::testing {

inline pool::Served served(std::string request_id, store::Ending ending = store::Ending::kResult) {
  pool::Served served;
  served.version = 3;
  served.memory_mb = 128;
  served.billed_ms = 1.234;
  served.restore_ms = 0.45;
  store::Invoked& invoked = served.invoked;
  invoked.request_id = std::move(request_id);
  invoked.ending = ending;
  invoked.tier = "fork";
  invoked.body = ending == store::Ending::kResult
                     ? "null"
                     : R"({"errorType":"TypeError","errorMessage":"no","trace":[]})";
  at(invoked.timeline, args::Instant::kRequested) = 1'000'000;
  invoked.received_ns = 3'500'000;
  return served;
}

inline void print(pool::Served& served, std::string text,
                  args::Stream stream = args::Stream::kStdout) {
  served.invoked.logs.push_back({stream, std::move(text)});
}

}  // namespace fw::testing

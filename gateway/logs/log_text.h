// The log of one invocation as text, in the shape of AWS Lambda's:
//
//   START RequestId: 4f.. Version: 3
//   (what the function wrote)
//   END RequestId: 4f..
//   REPORT RequestId: 4f..\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB
//   \tMax Memory Used: 1 MB\tRestore Duration: 0.45 ms\tTier: fork        (one line)
//
// An invocation that failed says so before END, and with a "Status: error" or "Status:
// timeout" at the end of REPORT. Max Memory Used, what the process has for itself beyond
// its image, is missing where it is not known.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/logs/record.h"

namespace fw::gateway::logs {

struct LogText {
  std::string text;  // whole lines

  // The last `bytes` of it at most, beginning with a whole UTF-8 character.
  std::string_view tail(std::size_t bytes) const;
};

LogText render(const pool::Served& served);
LogText render(const Record& record);

}  // namespace fw::gateway::logs

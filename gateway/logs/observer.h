// InvocationLog: what is remembered of the last invocations, whatever route they came
// by, to be had by request id; and a line of JSON for each on a descriptor, if wanted.
//
// All functions are for any thread. A note costs some 100 ns when the function wrote
// nothing: text is made when somebody asks for it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/logs/record.h"
#include "pool/call.h"

namespace fw::gateway::logs {

struct LogOptions {
  // Kept: the younger ones, as many as both bounds allow. 0: none.
  std::size_t max_entries = 10'000;
  std::size_t max_bytes = std::size_t{64} << 20;  // of what functions wrote, and errors
  // A line for each invocation goes to this descriptor (json_line.h), by one blocking
  // write; -1: none. The descriptor stays the caller's.
  int json_fd = -1;
};

class InvocationLog {
 public:
  explicit InvocationLog(LogOptions options = {});
  ~InvocationLog();
  InvocationLog(const InvocationLog&) = delete;
  InvocationLog& operator=(const InvocationLog&) = delete;

  // After each invocation, whoever asked for it; `traceparent` may be empty.
  void note(const std::string& function, const pool::Served& served, std::string_view traceparent);

  // For a call of which nothing came, with the pool's error. It is not remembered, there
  // is only the line.
  void note_failure(const std::string& function, std::string_view request_id, const Error& error,
                    std::string_view traceparent);

  // Of the invocation with this id, the youngest if a caller used one twice; nullopt when
  // it is unknown or forgotten.
  std::optional<Record> find(std::string_view request_id) const;

 private:
  class Store;
  LogOptions options_;
  std::unique_ptr<Store> store_;
};

}  // namespace fw::gateway::logs

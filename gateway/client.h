// A blocking client for the daemon's Unix socket: what commands ask a daemon by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fw::gateway {

struct HttpAnswer {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::string_view header(std::string_view name) const;  // empty when there is none
};

// One request on a connection of its own. kNotFound when nobody listens there: no daemon
// runs. kBusy when it has no room for a connection; kTimeout when the answer was not here
// after `timeout_ms`, in all; kInternal when it is no HTTP. kDied when the daemon ended the
// connection without an answer: whether it did what was asked is not known.
Result<HttpAnswer> request_over_unix_socket(
    const std::filesystem::path& path, std::string_view method, std::string_view target,
    const std::vector<std::pair<std::string, std::string>>& headers, std::string_view body,
    std::uint64_t timeout_ms);

}  // namespace fw::gateway

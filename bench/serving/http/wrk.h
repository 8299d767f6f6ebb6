// wrk, the load generator that throughput is measured with: it keeps a number of
// connections busy, one request after the other on each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::bench {

struct WrkRun {
  std::uint16_t port = 0;
  std::string path;  // "/invoke/nop"
  std::string body;  // POSTed as JSON
  unsigned connections = 16;
  unsigned seconds = 1;
};

struct WrkResult {
  double requests = 0;
  double seconds = 0;
  double p50_us = 0;
  double p99_us = 0;
  double bad_statuses = 0;  // anything but 2xx and 3xx
  double bad_sockets = 0;   // connects, reads, writes that failed, and timeouts
};

// Where it is installed; kNotFound says how to get it.
Result<std::filesystem::path> find_wrk();

// One thread of wrk, with a script that it writes into `folder`.
Result<WrkResult> run_wrk(const std::filesystem::path& wrk, const WrkRun& run,
                          const std::filesystem::path& folder);

// The script's last line; kInternal when it is none.
Result<WrkResult> read_wrk(std::string_view output);
// What is put into Lua source as text between quotes.
std::string lua_quoted(std::string_view text);

}  // namespace fw::bench

// The command line of the daemon: `fwrun --serve ADDRESS ...` and `fwrun --openwhisk ...`
// are handed to it as they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace fw::daemon {

struct Options {
  std::vector<std::string> addresses;      // "127.0.0.1:8080", "[::1]:0"
  std::filesystem::path socket;            // empty: daemon.sock in the store's folder
  std::filesystem::path admin_token_file;  // empty: no installs over HTTP
  unsigned workers = 0;
  std::uint32_t max_running = 4096;
  std::uint64_t low_memory_mb = 0;  // 0: a twentieth of what there is
  std::uint64_t max_body_mb = 6;
  std::uint64_t drain_ms = 30'000;
  bool cache = false;
  bool templates = true;
  bool check_resets = false;
  bool json_log = false;

  // Of an OpenWhisk action's port.
  bool openwhisk = false;
  std::string action;  // an installed function; empty: one that comes with /init
  std::string kind;    // of that one: "nodejs" or "python"
};

// kBadInput says what is wrong.
Result<Options> parse_options(int argc, char** argv);

// Whether the words are for the daemon: --serve or --openwhisk is among them.
bool is_for_daemon(int argc, char** argv);

}  // namespace fw::daemon

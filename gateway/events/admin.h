// Dead letters at the command line: of the daemon that serves the home, asked over its
// Unix socket, or of the home's file when no daemon runs. Blocking.
//
// Errors: kNotFound: no dead letter has this id. kBusy: a daemon has the file and listens
// on no socket in the home. Otherwise those of Queue::open() and of
// request_over_unix_socket().
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/home.h"

namespace fw::gateway::events {

// Where the events of a home lie.
inline std::filesystem::path events_file(const store::Home& home) {
  return home.root() / "events.db";
}

// JSON text {"dead_letters": [...]}, as GET /events/dead-letters gives; the youngest first,
// of all functions when `function` is empty. `limit`: 1 to 1000.
Result<std::string> show_dead_letters(const store::Home& home, const std::string& function,
                                      std::size_t limit);

// By the daemon at once, else by the next one.
Status replay_dead_letter(const store::Home& home, const std::string& event_id);
Status discard_dead_letter(const store::Home& home, const std::string& event_id);

}  // namespace fw::gateway::events

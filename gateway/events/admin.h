// Dead letters at the command line. While a daemon serves the home, it has the file, and
// kBusy is the answer of all: then ask it, as gateway/events/routes.h tells. Everything
// happens before the function returns. kNotFound: there is no such dead letter, or there
// never was an event.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/events/event.h"

namespace fw::gateway::events {

// Where the events of a home lie.
inline constexpr const char* kEventsFile = "events.db";

// The youngest first. None when there is no file.
Result<std::vector<DeadLetter>> list_dead_letters(const std::filesystem::path& file,
                                                  std::string_view function, std::size_t limit);

// Delivered by the next daemon.
Status replay_dead_letter(const std::filesystem::path& file, std::string_view event_id);
Status discard_dead_letter(const std::filesystem::path& file, std::string_view event_id);

}  // namespace fw::gateway::events

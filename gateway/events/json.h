// What is known of events as JSON, for those who ask over HTTP or at the command line.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/events/event.h"

namespace fw::gateway::events {

// {"event_id", "function", "request_id", "state", "attempts", "submitted_ms"}, and
// "due_ms" while it waits for its next attempt.
nlohmann::ordered_json to_json(const EventState& state);

// Arguments and error as the JSON that they are, or as text where they are none.
nlohmann::ordered_json to_json(const DeadLetter& letter);

// Bytes that are not UTF-8 are replaced.
std::string to_text(const nlohmann::ordered_json& json);

}  // namespace fw::gateway::events

#include "gateway/events/json.h"

#include <nlohmann/json.hpp>

namespace fw::gateway::events {

namespace {

using nlohmann::ordered_json;

ordered_json json_or_text(const std::string& text) {
  ordered_json json = ordered_json::parse(text, nullptr, false);
  return json.is_discarded() ? ordered_json(text) : json;
}

}  // namespace

ordered_json to_json(const EventState& state) {
  ordered_json json{{"event_id", state.event_id},     {"function", state.function},
                    {"request_id", state.request_id}, {"state", name_of(state.state)},
                    {"attempts", state.attempts},     {"submitted_ms", state.submitted_ms}};
  if (state.state == State::kRetrying) json["due_ms"] = state.due_ms;
  return json;
}

ordered_json to_json(const DeadLetter& letter) {
  ordered_json attempts = ordered_json::array();
  for (const Attempt& attempt : letter.attempts) {
    attempts.push_back({{"started_ms", attempt.started_ms},
                        {"ended_ms", attempt.ended_ms},
                        {"outcome", attempt.outcome}});
  }
  return {{"event_id", letter.event_id},
          {"function", letter.function},
          {"request_id", letter.request_id},
          {"reason", letter.reason},
          {"submitted_ms", letter.submitted_ms},
          {"dead_ms", letter.dead_ms},
          {"attempts", std::move(attempts)},
          {"error", json_or_text(letter.error)},
          {"arguments", json_or_text(letter.arguments)}};
}

std::string to_text(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace fw::gateway::events

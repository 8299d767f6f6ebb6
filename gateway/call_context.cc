#include "gateway/call_context.h"

#include <nlohmann/json.hpp>

namespace fw::gateway {

namespace {

// Bytes that are no UTF-8 are replaced: they come from headers.
std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void add_member(std::string& object, std::string_view name, std::string_view value) {
  object += object.empty() ? "{" : ",";
  ((object += json_string(name)) += ":") += value;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool can_be_variable(std::string_view name, std::string_view value) {
  return !name.empty() && name.find('=') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos && value.find('\0') == std::string_view::npos;
}

}  // namespace

bool is_traceparent(std::string_view text) {
  constexpr std::size_t kLength = 55;
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2);
  if (text.size() > kLength && (version == "00" || text[kLength] != '-')) return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  return is_hex(version) && version != "ff" && is_hex(trace) && !is_zero(trace) && is_hex(parent) &&
         !is_zero(parent) && is_hex(text.substr(53, 2));
}

std::string to_text(const CallContext& context) {
  std::string object;
  if (!context.client_context.empty()) add_member(object, "client_context", context.client_context);
  if (is_traceparent(context.traceparent)) {
    add_member(object, "traceparent", json_string(context.traceparent));
    if (!context.tracestate.empty())
      add_member(object, "tracestate", json_string(context.tracestate));
  }
  std::string variables;
  for (const auto& [name, value] : context.environment) {
    if (can_be_variable(name, value)) add_member(variables, name, json_string(value));
  }
  if (!variables.empty()) add_member(object, "environment", variables + "}");
  if (!object.empty()) object += "}";
  return object;
}

}  // namespace fw::gateway

#include "gateway/openwhisk/activation.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "gateway/call_context.h"
#include "gateway/openwhisk/members.h"

namespace fw::gateway::openwhisk {

namespace {

constexpr std::string_view kNoDictionary = "The action did not return a dictionary or array.";
constexpr std::size_t kMaxRequestId = 63;

// "__OW_ACTION_NAME"; empty when the member's name makes no name of a variable.
std::string variable_of(const std::string& member) {
  std::string name = "__OW_";
  for (const char c : member) {
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return {};
    name += lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

// Milliseconds from now to a deadline, in milliseconds since 1970; 0 when there is none.
std::uint64_t timeout_until(const std::string& deadline) {
  std::uint64_t at = 0;
  const char* const end = deadline.data() + deadline.size();
  if (std::from_chars(deadline.data(), end, at).ptr != end || at == 0) return 0;
  const std::uint64_t now = wall_clock_ms();
  return at > now ? at - now : 1;
}

bool is_result(const store::Invoked& invoked) {
  if (invoked.ending != store::Ending::kResult) return false;
  const std::size_t first = invoked.body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (invoked.body[first] == '{' || invoked.body[first] == '[');
}

std::string error_of(const store::Invoked& invoked) {
  const auto error = nlohmann::json::parse(invoked.body, nullptr, false);
  if (!error.is_object()) return "An error has occurred.";
  const std::string type = error.value("errorType", "Error");
  return "An error has occurred: " + type + ": " + error.value("errorMessage", "");
}

}  // namespace

Response failure(unsigned status, std::string_view message) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"error", message}}.dump(-1, ' ', false,
                                                          nlohmann::json::error_handler_t::replace);
  return response;
}

Result<pool::Call> read_activation(std::string_view body, std::string_view traceparent,
                                   const Environment& environment) {
  FW_TRY_ASSIGN(const std::vector<Member> members, members_of(body, "the activation"));
  pool::Call call;
  CallContext context;
  context.traceparent = traceparent;
  context.environment.assign(environment.begin(), environment.end());
  for (const Member& member : members) {
    if (member.name == "value" || member.text == "null") continue;
    std::string value = plain_text(member.text);
    if (member.name == "deadline") call.timeout_ms = timeout_until(value);
    if (member.name == "activation_id" && value.size() <= kMaxRequestId) call.request_id = value;
    context.environment.emplace_back(variable_of(member.name), std::move(value));
  }
  const std::string_view value = find_member(members, "value");
  call.arguments = value.empty() || value == "null" ? "{}" : value;
  call.call_context = to_text(context);
  return call;
}

std::string complaint_about(const store::Invoked& invoked) {
  if (is_result(invoked)) return {};
  if (invoked.ending != store::Ending::kResult) return error_of(invoked) + "\n";
  constexpr std::size_t kShown = 200;
  return "Result must be an object or an array, but is: " + invoked.body.substr(0, kShown) + "\n";
}

Response answer_to(store::Invoked invoked) {
  if (invoked.ending != store::Ending::kResult) return failure(502, error_of(invoked));
  if (!is_result(invoked)) return failure(502, kNoDictionary);
  Response response;
  response.body = std::move(invoked.body);
  return response;
}

}  // namespace fw::gateway::openwhisk

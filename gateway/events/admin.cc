#include "gateway/events/admin.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "gateway/client.h"
#include "gateway/events/json.h"
#include "gateway/events/table.h"

namespace fw::gateway::events {

namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t kPatienceMs = 30'000;
constexpr std::string_view kPath = "/events/dead-letters";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// What goes into a path must need no encoding; all ids and names are such.
Status check_plain(const std::string& text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return {};
  return fail(Errc::kNotFound, "'" + text + "' is known to no dead letter");
}

// kNotFound also when no daemon listens; then `runs` is false.
Result<std::string> ask_daemon(const store::Home& home, std::string_view method,
                               const std::string& target, bool& runs) {
  const Result<HttpAnswer> answer = request_over_unix_socket(home.root() / store::kDaemonSocket,
                                                             method, target, {}, {}, kPatienceMs);
  runs = answer || answer.error().code() != Errc::kNotFound;
  if (!answer) return fail(answer.error());
  if (answer->status < 300) return answer->body;
  const ordered_json told = ordered_json::parse(answer->body, nullptr, false);
  const std::string message =
      told.is_object() && told.contains("error") && told["error"].is_string()
          ? told["error"].get<std::string>()
          : "status " + std::to_string(answer->status);
  return fail(answer->status == 404 ? Errc::kNotFound : Errc::kSystem,
              "the daemon answers: " + message);
}

Result<EventTable> open_table(const store::Home& home) {
  return EventTable::open(events_file(home), false, true);
}

// One transaction on the file.
template <typename Change>
Status change_file(const store::Home& home, Change change) {
  FW_TRY_ASSIGN(EventTable table, open_table(home));
  FW_TRY(table.begin());
  Status changed = change(table);
  if (changed) changed = table.commit();
  if (!changed) table.roll_back();
  return changed;
}

Status replay_in(EventTable& table, const std::string& event_id) {
  const Result<std::string> function = table.replay(event_id, wall_clock_ms());
  if (!function) return fail(function.error());
  return {};
}

}  // namespace

Result<std::string> show_dead_letters(const store::Home& home, const std::string& function,
                                      std::size_t limit) {
  std::string target = std::string(kPath) + "?limit=" + std::to_string(limit);
  if (!function.empty()) {
    FW_TRY(check_plain(function));
    target += "&function=" + function;
  }
  bool runs = false;
  Result<std::string> answer = ask_daemon(home, "GET", target, runs);
  if (runs) return answer;

  ordered_json letters = ordered_json::array();
  Result<EventTable> table = open_table(home);
  if (table) {
    FW_TRY_ASSIGN(const std::vector<DeadLetter> dead, table->dead_letters(function, limit));
    for (const DeadLetter& letter : dead) letters.push_back(to_json(letter));
  } else if (table.error().code() != Errc::kNotFound) {  // else there never was an event
    return fail(std::move(table).error());
  }
  return to_text({{"dead_letters", std::move(letters)}});
}

Status replay_dead_letter(const store::Home& home, const std::string& event_id) {
  FW_TRY(check_plain(event_id));
  bool runs = false;
  const Result<std::string> answer =
      ask_daemon(home, "POST", std::string(kPath) + "/" + event_id + "/replay", runs);
  if (!runs)
    return change_file(home, [&](EventTable& table) { return replay_in(table, event_id); });
  if (!answer) return fail(answer.error());
  return {};
}

Status discard_dead_letter(const store::Home& home, const std::string& event_id) {
  FW_TRY(check_plain(event_id));
  bool runs = false;
  const Result<std::string> answer =
      ask_daemon(home, "DELETE", std::string(kPath) + "/" + event_id, runs);
  if (!runs) return change_file(home, [&](EventTable& table) { return table.discard(event_id); });
  if (!answer) return fail(answer.error());
  return {};
}

}  // namespace fw::gateway::events

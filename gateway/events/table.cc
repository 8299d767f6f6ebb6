#include "gateway/events/table.h"

#include <nlohmann/json.hpp>

#include "gateway/events/schema.h"

namespace fw::gateway::events {

namespace {

// Expired events or keys that one transaction deals with at most, and dead letters that
// it deletes.
constexpr std::uint64_t kBatch = 1000;

std::vector<Attempt> attempts_from(const std::string& text) {
  std::vector<Attempt> attempts;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return attempts;
  for (const nlohmann::json& one : json) {
    if (!one.is_array() || one.size() != 3 || !one[0].is_number_unsigned() ||
        !one[1].is_number_unsigned() || !one[2].is_string()) {
      continue;
    }
    attempts.push_back(
        {one[0].get<std::uint64_t>(), one[1].get<std::uint64_t>(), one[2].get<std::string>()});
  }
  return attempts;
}

std::string to_text(const Attempt& attempt) {
  return nlohmann::json{attempt.started_ms, attempt.ended_ms, attempt.outcome}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Status damaged(const std::filesystem::path& file, const std::string& how) {
  return fail(Errc::kRefused, file.string() + " is damaged (" + how +
                                  "); it was left as it is: move it away to begin anew");
}

// One number from a query that has one row.
Result<std::uint64_t> number_from(Database& database, const char* sql) {
  FW_TRY_ASSIGN(Statement* const query, database.statement(sql));
  FW_TRY_ASSIGN(const bool row, query->step());
  const std::uint64_t value = row ? query->number(0) : 0;
  query->reset();
  return value;
}

// The same, or kNever without a row.
Result<std::uint64_t> earliest(Statement& query) {
  FW_TRY_ASSIGN(const bool row, query.step());
  const std::uint64_t value = row ? query.number(0) : EventTable::kNever;
  query.reset();
  return value;
}

Error no_dead_letter(std::string_view event_id) {
  return {Errc::kNotFound, "no dead letter '" + std::string(event_id) + "' is known"};
}

Status check_owner(Database& database, const std::filesystem::path& file) {
  FW_TRY_ASSIGN(const std::uint64_t owner, number_from(database, "PRAGMA application_id"));
  if (owner != kApplicationId) {
    return fail(Errc::kRefused, file.string() +
                                    " is a database, but none of fwrun's events; it was left as "
                                    "it is: move it away to begin anew");
  }
  FW_TRY_ASSIGN(const std::uint64_t version, number_from(database, "PRAGMA user_version"));
  if (version != kSchemaVersion) {
    return fail(Errc::kRefused, file.string() + " has format " + std::to_string(version) +
                                    ", this fwrun reads format " + std::to_string(kSchemaVersion) +
                                    "; it was left as it is");
  }
  FW_TRY_ASSIGN(Statement* const check, database.statement("PRAGMA quick_check(1)"));
  FW_TRY_ASSIGN(const bool row, check->step());
  const std::string found = row ? check->text(0) : "no answer";
  check->reset();
  return found == "ok" ? Status() : damaged(file, found);
}

Status create_or_check(Database& database, const std::filesystem::path& file) {
  FW_TRY_ASSIGN(const std::uint64_t tables,
                number_from(database, "SELECT count(*) FROM sqlite_schema"));
  if (tables > 0) return check_owner(database, file);
  const std::string ours = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                           "; PRAGMA user_version = " + std::to_string(kSchemaVersion);
  FW_TRY(database.execute(kSchema));
  return database.execute(ours.c_str());
}

// The state of a row, as schema.h numbers it.
State state_of(std::uint64_t state, std::uint64_t attempts) {
  if (state == 1) return State::kRunning;
  if (state == 2) return State::kDead;
  return attempts == 0 ? State::kQueued : State::kRetrying;
}

}  // namespace

Result<EventTable> EventTable::open(const std::filesystem::path& file, bool create, bool sync) {
  FW_TRY_ASSIGN(Database database, Database::open(file, create));
  FW_TRY(database.execute(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
  EventTable table(std::move(database));
  FW_TRY(table.begin());
  // Everything up to here has read only: what is refused stays as it is.
  Status ready = create_or_check(table.database_, file);
  if (ready) ready = table.database_.execute("UPDATE events SET state = 0 WHERE state = 1");
  if (ready) ready = table.commit();
  if (!ready) {
    table.roll_back();
    return fail(std::move(ready).error());
  }
  return table;
}

Status EventTable::begin() { return database_.execute("BEGIN IMMEDIATE"); }

Status EventTable::commit() { return database_.execute("COMMIT"); }

void EventTable::roll_back() {
  // Some errors have undone it already.
  if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
}

Result<Accepted> EventTable::submit(const Event& event, const Accepted& ids, std::uint64_t now_ms,
                                    std::uint64_t keep_key_ms) {
  if (!event.idempotency_key.empty()) {
    FW_TRY_ASSIGN(Statement* const find,
                  database_.statement("SELECT event_id, request_id FROM keys"
                                      " WHERE function = ?1 AND key = ?2 AND expires_ms > ?3"));
    find->bind(1, event.function).bind(2, event.idempotency_key).bind(3, now_ms);
    FW_TRY_ASSIGN(const bool known, find->step());
    if (known) {
      Accepted earlier{find->text(0), find->text(1), true};
      find->reset();
      return earlier;
    }
    FW_TRY_ASSIGN(Statement* const keep,
                  database_.statement("INSERT OR REPLACE INTO keys VALUES (?1, ?2, ?3, ?4, ?5)"));
    keep->bind(1, event.function).bind(2, event.idempotency_key).bind(3, ids.event_id);
    FW_TRY(keep->bind(4, ids.request_id).bind(5, now_ms + keep_key_ms).run());
  }
  FW_TRY_ASSIGN(
      Statement* const add,
      database_.statement("INSERT INTO events VALUES (NULL, ?1, ?2, ?3, 0, ?4, ?4, ?4, ?4 + ?5,"
                          " ?5, 0, '[]', '', 0, '')"));
  add->bind(1, ids.event_id).bind(2, event.function).bind(3, ids.request_id);
  FW_TRY(add->bind(4, now_ms).bind(5, event.max_age_ms).run());
  FW_TRY_ASSIGN(Statement* const payload,
                database_.statement("INSERT INTO payloads VALUES (last_insert_rowid(), ?1, ?2)"));
  FW_TRY(payload->bind(1, event.arguments).bind(2, event.call_context).run());
  return ids;
}

Result<std::vector<Claim>> EventTable::claim(std::string_view function, std::uint64_t now_ms,
                                             std::uint64_t limit) {
  FW_TRY_ASSIGN(Statement* const claim,
                database_.statement(
                    "UPDATE events SET state = 1 WHERE id IN"
                    " (SELECT id FROM events WHERE state = 0 AND function = ?1 AND due_ms <= ?2"
                    "  ORDER BY due_ms LIMIT ?3)"
                    " RETURNING id, event_id, request_id, attempts, expires_ms, submitted_ms,"
                    "  (SELECT arguments FROM payloads WHERE payloads.id = events.id),"
                    "  (SELECT call_context FROM payloads WHERE payloads.id = events.id)"));
  claim->bind(1, function).bind(2, now_ms).bind(3, limit);
  std::vector<Claim> claims;
  for (;;) {
    FW_TRY_ASSIGN(const bool row, claim->step());
    if (!row) return claims;
    claims.push_back({claim->number(0), claim->text(1), std::string(function), claim->text(2),
                      claim->text(6), claim->text(7), claim->number(3), claim->number(4),
                      claim->number(5)});
  }
}

Status EventTable::finish(std::uint64_t id) {
  FW_TRY_ASSIGN(Statement* const remove,
                database_.statement("DELETE FROM events WHERE id = ?1 AND state = 1"));
  return remove->bind(1, id).run();
}

Status EventTable::postpone(std::uint64_t id) {
  FW_TRY_ASSIGN(Statement* const wait,
                database_.statement("UPDATE events SET state = 0 WHERE id = ?1 AND state = 1"));
  return wait->bind(1, id).run();
}

Status EventTable::retry(std::uint64_t id, const Attempt& attempt, std::string_view error,
                         std::uint64_t due_ms) {
  FW_TRY_ASSIGN(Statement* const wait,
                database_.statement("UPDATE events SET state = 0, attempts = attempts + 1,"
                                    " history = json_insert(history, '$[#]', json(?2)),"
                                    " error = ?3, due_ms = ?4 WHERE id = ?1 AND state = 1"));
  const std::string history = to_text(attempt);
  return wait->bind(1, id).bind(2, history).bind(3, error).bind(4, due_ms).run();
}

Status EventTable::bury(std::uint64_t id, const Attempt& attempt, std::string_view error,
                        const char* reason) {
  FW_TRY_ASSIGN(Statement* const bury,
                database_.statement("UPDATE events SET state = 2, attempts = attempts + 1,"
                                    " history = json_insert(history, '$[#]', json(?2)), error = ?3,"
                                    " dead_ms = ?4, reason = ?5 WHERE id = ?1 AND state = 1"));
  const std::string history = to_text(attempt);
  bury->bind(1, id).bind(2, history).bind(3, error);
  return bury->bind(4, attempt.ended_ms).bind(5, std::string_view(reason)).run();
}

Result<std::uint64_t> EventTable::expire(std::uint64_t now_ms) {
  FW_TRY_ASSIGN(
      Statement* const bury,
      database_.statement("UPDATE events SET state = 2, dead_ms = ?1, reason = 'age' WHERE id IN"
                          " (SELECT id FROM events WHERE state = 0 AND expires_ms <= ?1"
                          "  ORDER BY expires_ms LIMIT ?2)"));
  FW_TRY(bury->bind(1, now_ms).bind(2, kBatch).run());
  return database_.changes();
}

Result<std::uint64_t> EventTable::purge(std::uint64_t dead_before_ms, std::uint64_t now_ms) {
  FW_TRY_ASSIGN(Statement* const keys,
                database_.statement("DELETE FROM keys WHERE (function, key) IN"
                                    " (SELECT function, key FROM keys WHERE expires_ms <= ?1"
                                    "  ORDER BY expires_ms LIMIT ?2)"));
  FW_TRY(keys->bind(1, now_ms).bind(2, kBatch).run());
  const std::uint64_t old_keys = database_.changes();
  FW_TRY_ASSIGN(Statement* const dead,
                database_.statement("DELETE FROM events WHERE id IN"
                                    " (SELECT id FROM events WHERE state = 2 AND dead_ms < ?1"
                                    "  ORDER BY dead_ms LIMIT ?2)"));
  FW_TRY(dead->bind(1, dead_before_ms).bind(2, kBatch).run());
  return old_keys + database_.changes();
}

Result<EventState> EventTable::look_up(std::string_view event_id) {
  FW_TRY_ASSIGN(Statement* const find,
                database_.statement("SELECT function, request_id, state, attempts, submitted_ms,"
                                    " due_ms FROM events WHERE event_id = ?1"));
  FW_TRY_ASSIGN(const bool known, find->bind(1, event_id).step());
  if (!known) return fail(Errc::kNotFound, "no event '" + std::string(event_id) + "' is known");
  EventState state;
  state.event_id = event_id;
  state.function = find->text(0);
  state.request_id = find->text(1);
  state.state = state_of(find->number(2), find->number(3));
  state.attempts = find->number(3);
  state.submitted_ms = find->number(4);
  state.due_ms = state.state == State::kDead ? 0 : find->number(5);
  find->reset();
  return state;
}

// By the time of death with ties in the order of arrival: ids grow, but those of deleted
// rows at the end may come again, which only concerns such ties.
Result<std::vector<DeadLetter>> EventTable::dead_letters(std::string_view function,
                                                         std::uint64_t limit) {
#define FW_DEAD_COLUMNS                                                                     \
  "SELECT event_id, function, request_id, arguments, reason, error, submitted_ms, dead_ms," \
  " history FROM events JOIN payloads ON payloads.id = events.id WHERE state = 2"
  FW_TRY_ASSIGN(
      Statement* const list,
      database_.statement(function.empty() ? FW_DEAD_COLUMNS
                              " ORDER BY dead_ms DESC, events.id DESC LIMIT ?1"
                                           : FW_DEAD_COLUMNS
                              " AND function = ?2 ORDER BY dead_ms DESC, events.id DESC LIMIT ?1"));
#undef FW_DEAD_COLUMNS
  list->bind(1, limit);
  if (!function.empty()) list->bind(2, function);
  std::vector<DeadLetter> letters;
  for (;;) {
    FW_TRY_ASSIGN(const bool row, list->step());
    if (!row) return letters;
    letters.push_back({list->text(0), list->text(1), list->text(2), list->text(3), list->text(4),
                       list->text(5), list->number(6), list->number(7),
                       attempts_from(list->text(8))});
  }
}

Result<std::string> EventTable::replay(std::string_view event_id, std::uint64_t now_ms) {
  FW_TRY_ASSIGN(
      Statement* const replay,
      database_.statement("UPDATE events SET state = 0, attempts = 0, queued_ms = ?2, due_ms = ?2,"
                          " expires_ms = ?2 + max_age_ms, dead_ms = 0, reason = ''"
                          " WHERE event_id = ?1 AND state = 2 RETURNING function"));
  FW_TRY_ASSIGN(const bool known, replay->bind(1, event_id).bind(2, now_ms).step());
  if (!known) return fail(no_dead_letter(event_id));
  std::string function = replay->text(0);
  FW_TRY(replay->run());
  return function;
}

Status EventTable::discard(std::string_view event_id) {
  FW_TRY_ASSIGN(Statement* const remove,
                database_.statement("DELETE FROM events WHERE event_id = ?1 AND state = 2"));
  FW_TRY(remove->bind(1, event_id).run());
  if (database_.changes() == 0) return fail(no_dead_letter(event_id));
  return {};
}

Result<EventTable::Counts> EventTable::count() {
  FW_TRY_ASSIGN(const std::uint64_t waiting,
                number_from(database_, "SELECT count(*) FROM events WHERE state < 2"));
  FW_TRY_ASSIGN(const std::uint64_t dead,
                number_from(database_, "SELECT count(*) FROM events WHERE state = 2"));
  return Counts{waiting, dead};
}

Result<std::map<std::string, std::uint64_t>> EventTable::due() {
  FW_TRY_ASSIGN(Statement* const query,
                database_.statement("SELECT function, min(due_ms) FROM events WHERE state = 0"
                                    " GROUP BY function"));
  std::map<std::string, std::uint64_t> due;
  for (;;) {
    FW_TRY_ASSIGN(const bool row, query->step());
    if (!row) return due;
    due.emplace(query->text(0), query->number(1));
  }
}

Result<std::uint64_t> EventTable::due(std::string_view function) {
  FW_TRY_ASSIGN(Statement* const query,
                database_.statement("SELECT due_ms FROM events WHERE state = 0 AND function = ?1"
                                    " ORDER BY due_ms LIMIT 1"));
  return earliest(query->bind(1, function));
}

Result<std::uint64_t> EventTable::next_expiry() {
  FW_TRY_ASSIGN(Statement* const query,
                database_.statement("SELECT expires_ms FROM events WHERE state = 0"
                                    " ORDER BY expires_ms LIMIT 1"));
  return earliest(*query);
}

Result<std::uint64_t> EventTable::oldest() {
  FW_TRY_ASSIGN(Statement* const query,
                database_.statement("SELECT queued_ms FROM events WHERE state < 2"
                                    " ORDER BY queued_ms LIMIT 1"));
  return earliest(*query);
}

}  // namespace fw::gateway::events

// The tables of the events' file.
//
// What changes often is apart from what is large: an event's row is rewritten at every
// step, its payload never. Each index holds only the rows that its one question is about,
// so a claim, an expiry or a page of dead letters reads as many rows as it yields.
#pragma once

namespace fw::gateway::events {

// "fwev": whose file it is. The version of what follows is PRAGMA user_version.
inline constexpr unsigned kApplicationId = 0x66776576;
inline constexpr unsigned kSchemaVersion = 1;

// States of a row: 0 waiting, 1 running, 2 dead.
inline constexpr const char* kSchema = R"(
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  function TEXT NOT NULL,
  request_id TEXT NOT NULL,
  state INTEGER NOT NULL,
  submitted_ms INTEGER NOT NULL,
  queued_ms INTEGER NOT NULL,   -- submitted, or replayed
  due_ms INTEGER NOT NULL,      -- of the next attempt
  expires_ms INTEGER NOT NULL,
  max_age_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,    -- since queued_ms
  history TEXT NOT NULL,        -- [[started_ms, ended_ms, outcome], ...]
  error TEXT NOT NULL,          -- of the last attempt
  dead_ms INTEGER NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX waiting_by_function ON events (function, due_ms) WHERE state = 0;
CREATE INDEX waiting_by_expiry ON events (expires_ms) WHERE state = 0;
CREATE INDEX alive_by_age ON events (queued_ms) WHERE state < 2;
CREATE INDEX dead_by_time ON events (dead_ms) WHERE state = 2;
CREATE INDEX dead_by_function ON events (function, dead_ms) WHERE state = 2;

CREATE TABLE payloads (
  id INTEGER PRIMARY KEY,
  arguments TEXT NOT NULL,
  call_context TEXT NOT NULL
);
CREATE TRIGGER payload_goes_with_its_event AFTER DELETE ON events BEGIN
  DELETE FROM payloads WHERE id = old.id;
END;

CREATE TABLE keys (
  function TEXT NOT NULL,
  key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (function, key)
) WITHOUT ROWID;
CREATE INDEX keys_by_expiry ON keys (expires_ms);
)";

}  // namespace fw::gateway::events

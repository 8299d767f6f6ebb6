#include "gateway/events/keeper.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "store/request_id.h"

namespace fw::gateway::events {

namespace {

constexpr std::uint64_t kPurgeEveryMs = 600'000;
constexpr std::uint64_t kMaxAgeMs = 366 * 24 * 3600 * 1000ULL;

}  // namespace

Keeper::Keeper(EventTable table, const Options& options)
    : options_(options),
      table_(std::move(table)),
      lanes_({options.max_running, options.max_running_per_function, options.busy_backoff_ms,
              options.max_busy_backoff_ms}) {}

Result<std::unique_ptr<Keeper>> Keeper::open(const std::filesystem::path& file,
                                             const Options& options) {
  FW_TRY_ASSIGN(EventTable table, EventTable::open(file, true, options.sync_every_commit));
  FW_TRY_ASSIGN(const EventTable::Counts counts, table.count());
  FW_TRY_ASSIGN(const std::uint64_t oldest, table.oldest());
  std::unique_ptr<Keeper> keeper(new Keeper(std::move(table), options));
  keeper->stats_.queued_now = counts.waiting;
  keeper->stats_.dead_now = counts.dead;
  keeper->oldest_ms_ = oldest;
  keeper->reload_lanes_ = true;
  return keeper;
}

void Keeper::close() { table_.close(); }

Keeper::Running& Keeper::running_of(const Outcome& outcome) {
  const auto running = running_.find(outcome.id);
  FW_CHECK(running != running_.end(), "an attempt ends once, and has begun");
  return running->second;
}

void Keeper::take(std::vector<Outcome> outcomes, std::uint64_t now_ms) {
  for (Outcome& outcome : outcomes) {
    const std::string& function = running_of(outcome).function;
    if (outcome.kind == Outcome::Kind::kPostponed) {
      lanes_.refused(function, now_ms);
    } else {
      lanes_.ended(function);
    }
    outcomes_.push_back(std::move(outcome));
  }
}

Result<std::vector<Claim>> Keeper::transact(std::vector<Command> commands, bool claiming,
                                            std::uint64_t now_ms) {
  now_ms_ = now_ms;
  draft_ = stats_;
  draft_oldest_ms_ = oldest_ms_;
  std::vector<Claim> claims;
  Status done = table_.begin();
  if (done) done = work(commands, claiming, claims);
  if (done) done = table_.commit();
  if (!done) {
    table_.roll_back();
    reload_lanes_ = true;
  } else {
    committed(claims);
  }
  for (Command& command : commands) command.finish(done);
  if (!done) return fail(std::move(done).error());
  return claims;
}

Status Keeper::work(std::vector<Command>& commands, bool claiming, std::vector<Claim>& claims) {
  if (reload_lanes_) {
    FW_TRY_ASSIGN(const auto due, table_.due());
    for (const auto& [function, due_ms] : due) lanes_.add(function, due_ms);
  }
  for (const Outcome& outcome : outcomes_) FW_TRY(record(outcome));
  for (Command& command : commands) FW_TRY(command.work(*this));
  FW_TRY(clean_up());
  if (claiming) FW_TRY(claim(claims));
  FW_TRY_ASSIGN(next_expiry_ms_, table_.next_expiry());
  FW_TRY_ASSIGN(draft_oldest_ms_, table_.oldest());
  return {};
}

void Keeper::committed(const std::vector<Claim>& claims) {
  reload_lanes_ = false;
  for (const Outcome& outcome : outcomes_) {
    const auto running = running_.find(outcome.id);
    if (outcome.kind == Outcome::Kind::kDelivered) remember(std::move(running->second.state));
    running_.erase(running);
  }
  outcomes_.clear();
  for (const Claim& claim : claims) {
    const EventState state{claim.event_id,
                           claim.function,
                           claim.request_id,
                           State::kDone,
                           claim.attempts + 1,
                           claim.submitted_ms,
                           0};
    running_.emplace(claim.id, Running{claim.function, state, claim.expires_ms});
    lanes_.started(claim.function, 1);
  }
  draft_.running_now = running_.size();
  const std::lock_guard lock(stats_mutex_);
  stats_ = draft_;
  oldest_ms_ = draft_oldest_ms_;
}

Status Keeper::record(const Outcome& outcome) {
  const Running& running = running_of(outcome);
  switch (outcome.kind) {
    case Outcome::Kind::kDelivered:
      ++draft_.delivered;
      --draft_.queued_now;
      return table_.finish(outcome.id);
    case Outcome::Kind::kPostponed:
      ++draft_.postponed;
      lanes_.add(running.function, 0);
      return table_.postpone(outcome.id);
    case Outcome::Kind::kFailed:
    case Outcome::Kind::kHopeless:
      break;
  }
  return record_failure(outcome, running);
}

Status Keeper::record_failure(const Outcome& outcome, const Running& running) {
  const std::uint64_t attempts = running.state.attempts;
  const bool hopeless = outcome.kind == Outcome::Kind::kHopeless;
  if (!hopeless && attempts <= options_.retry_after_ms.size()) {
    const std::uint64_t due_ms = now_ms_ + options_.retry_after_ms[attempts - 1];
    if (due_ms < running.expires_ms) {
      ++draft_.retried;
      lanes_.add(running.function, due_ms);
      return table_.retry(outcome.id, outcome.attempt, outcome.error, due_ms);
    }
  }
  ++draft_.dead;
  ++draft_.dead_now;
  --draft_.queued_now;
  const bool exhausted = attempts > options_.retry_after_ms.size();
  return table_.bury(outcome.id, outcome.attempt, outcome.error,
                     hopeless    ? kDeadByInput
                     : exhausted ? kDeadByAttempts
                                 : kDeadByAge);
}

Status Keeper::clean_up() {
  if (next_expiry_ms_ <= now_ms_) {
    FW_TRY_ASSIGN(const std::uint64_t expired, table_.expire(now_ms_));
    draft_.dead += expired;
    draft_.dead_now += expired;
    draft_.queued_now -= expired;
  }
  if (next_purge_ms_ <= now_ms_) {
    const std::uint64_t kept_ms = options_.dead_letters_kept_ms;
    const std::uint64_t before_ms = kept_ms == 0 || kept_ms > now_ms_ ? 0 : now_ms_ - kept_ms;
    FW_TRY_ASSIGN(const std::uint64_t purged, table_.purge(before_ms, now_ms_));
    if (purged > 0) {
      FW_TRY_ASSIGN(const EventTable::Counts counts, table_.count());
      draft_.dead_now = counts.dead;
    }
    next_purge_ms_ = now_ms_ + (purged > 0 ? 1 : kPurgeEveryMs);
  }
  return {};
}

Status Keeper::claim(std::vector<Claim>& claims) {
  for (const Lanes::Turn& turn : lanes_.turns(now_ms_)) {
    FW_TRY_ASSIGN(std::vector<Claim> more, table_.claim(turn.function, now_ms_, turn.claims));
    std::move(more.begin(), more.end(), std::back_inserter(claims));
    FW_TRY_ASSIGN(const std::uint64_t due_ms, table_.due(turn.function));
    lanes_.set_due(turn.function, due_ms);
  }
  return {};
}

std::uint64_t Keeper::next_ms(bool claiming) const {
  const std::uint64_t next = std::min(next_expiry_ms_, next_purge_ms_);
  return claiming ? std::min(next, lanes_.next_ms()) : next;
}

Result<Accepted> Keeper::submit(const Event& event) {
  Event complete = event;
  Accepted ids{store::new_request_id(), event.request_id};
  if (ids.request_id.empty()) ids.request_id = ids.event_id;
  if (complete.max_age_ms == 0) complete.max_age_ms = options_.max_age_ms;
  complete.max_age_ms = std::min(complete.max_age_ms, kMaxAgeMs);
  if (draft_.queued_now >= options_.max_queued) {
    return fail(Errc::kBusy, std::to_string(draft_.queued_now) +
                                 " events wait already, which is the most that may");
  }
  FW_TRY_ASSIGN(Accepted accepted, table_.submit(complete, ids, now_ms_, options_.keys_kept_ms));
  if (accepted.duplicate) {
    ++draft_.duplicates;
    return accepted;
  }
  ++draft_.submitted;
  ++draft_.queued_now;
  lanes_.add(event.function, now_ms_);
  return accepted;
}

Result<EventState> Keeper::look_up(const std::string& event_id) {
  const auto done = done_.find(event_id);
  if (done != done_.end()) return done->second;
  return table_.look_up(event_id);
}

Result<std::vector<DeadLetter>> Keeper::dead_letters(const std::string& function,
                                                     std::size_t limit) {
  return table_.dead_letters(function, limit);
}

Status Keeper::replay(const std::string& event_id) {
  FW_TRY_ASSIGN(const std::string function, table_.replay(event_id, now_ms_));
  ++draft_.replayed;
  --draft_.dead_now;
  ++draft_.queued_now;
  lanes_.add(function, now_ms_);
  return {};
}

Status Keeper::discard(const std::string& event_id) {
  FW_TRY(table_.discard(event_id));
  ++draft_.discarded;
  --draft_.dead_now;
  return {};
}

void Keeper::remember(EventState state) {
  if (options_.done_remembered == 0) return;
  if (done_order_.size() >= options_.done_remembered) {
    done_.erase(done_order_.front());
    done_order_.pop_front();
  }
  done_order_.push_back(state.event_id);
  done_.emplace(done_order_.back(), std::move(state));
}

EventStats Keeper::stats() const {
  const std::uint64_t now_ms = wall_clock_ms();
  const std::lock_guard lock(stats_mutex_);
  EventStats stats = stats_;
  stats.oldest_age_ms = oldest_ms_ > now_ms ? 0 : now_ms - oldest_ms_;
  return stats;
}

}  // namespace fw::gateway::events

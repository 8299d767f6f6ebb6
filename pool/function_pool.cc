#include "pool/function_pool.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/clock.h"
#include "store/catalog.h"

namespace fw::pool {

namespace {

// A handler that runs longer than this is worth a walk to another core that is idle;
// that costs some 50 us.
constexpr double kWorthMovingUs = 300;
// Without reset each invocation uses up a process: so many are forked ahead at most.
constexpr std::size_t kMostAhead = 4;

FunctionStats& stats_of(WorkerParts& parts, const std::string& name) {
  const std::lock_guard lock(parts.stats_mutex);
  return parts.stats.functions[name];
}

double microseconds(std::uint64_t from, std::uint64_t to) {
  return to > from ? static_cast<double>(to - from) / 1000.0 : 0;
}

}  // namespace

FunctionPool::FunctionPool(std::string name, WorkerParts& parts)
    : name_(std::move(name)),
      link_(parts.shared.options.home.current(name_).string()),
      parts_(parts),
      shared_(parts.shared.function(name_)),
      stats_(stats_of(parts, name_)) {}

FunctionPool::~FunctionPool() {
  template_.reset();
  while (!clones_.empty()) erase(*clones_.begin()->first);
}

// ---- which version ------------------------------------------------------------

Status FunctionPool::refresh() {
  const std::uint64_t current = current_number(link_);
  if (version_ && current == version_->manifest.version) return {};
  retire_version();
  if (current == 0) {
    return fail(store::unknown_function(parts_.shared.options.home, name_));
  }
  FW_TRY_ASSIGN(version_,
                LoadedVersion::open(parts_.shared.options.home, name_, parts_.shared.restorer,
                                    parts_.shared.options.use_cache));
  if (Result<Policy> policy = load_policy(parts_.shared.options.home, name_)) policy_ = *policy;
  return {};
}

// What runs goes on with the version that it has; what is idle ends.
void FunctionPool::retire_version() {
  version_.reset();
  template_.reset();
  template_broken_ = false;
  while (!parked_.empty()) doom(*parked_.back());
}

// ---- an invocation arrives -----------------------------------------------------

void FunctionPool::invoke(Pending pending, bool forwarded) {
  if (closing_) {
    return answer_later(std::move(pending), {Errc::kClosing, "the daemon is shutting down"});
  }
  if (Status fresh = refresh(); !fresh) {
    return answer_later(std::move(pending), std::move(fresh).error());
  }
  last_used_ns_ = pending.arrived_ns;
  if (send_elsewhere(pending, forwarded)) return;
  if (parts_.shared.running.load(std::memory_order_relaxed) >= parts_.shared.options.max_running) {
    return answer_later(std::move(pending),
                        {Errc::kBusy, "too many invocations are under way: at most " +
                                          std::to_string(parts_.shared.options.max_running)});
  }
  if (!parked_.empty()) return serve_with(pop_parked(), std::move(pending));
  if (may_start()) return start_clone(std::move(pending));
  if (shared_->queued.load(std::memory_order_relaxed) >= policy_.max_queue) {
    return answer_later(
        std::move(pending),
        {Errc::kBusy, "function '" + name_ + "' is busy: " + std::to_string(policy_.max_clones) +
                          " clones are at work and " + std::to_string(policy_.max_queue) +
                          " invocations wait"});
  }
  ++shared_->queued;
  queue_.push_back(std::move(pending));
  publish();
}

bool FunctionPool::may_start() const {
  return shared_->alive.load(std::memory_order_relaxed) < policy_.max_clones;
}

// Another worker is better off with it: it has the clones there may be, or nothing to do
// while we have, and the handler takes long enough to be worth the way.
bool FunctionPool::send_elsewhere(Pending& pending, bool forwarded) {
  if (forwarded || !parked_.empty()) return false;
  const int other = parts_.shared.better_worker(
      *shared_, parts_.index, !may_start() && clones_.empty(), mean_handler_us_ > kWorthMovingUs);
  if (other < 0) return false;
  parts_.forward(static_cast<unsigned>(other), std::move(pending));
  return true;
}

// Gives a clone that was parked the invocation.
void FunctionPool::serve_with(Clone& clone, Pending pending) {
  if (!Clone::fits_a_running_one(pending.call)) {
    parked_.push_back(&clone);
    return start_clone(std::move(pending));
  }
  clone.tier = Tier::kHot;
  if (Status put = clone.put(pending, after_answer()); !put) {
    doom(clone);
    return answer_later(std::move(pending), std::move(put).error());
  }
  ++running_;
  parts_.shared.begin_running(parts_.index);
  parts_.watch_deadline(clone.deadline_ns());
  publish();
}

Clone& FunctionPool::pop_parked() {
  Clone& clone = *parked_.back();
  parked_.pop_back();
  return clone;
}

args::After FunctionPool::after_answer() const {
  return policy_.reuse == Reuse::kReset ? args::After::kResets : args::After::kEnds;
}

void FunctionPool::serve_queue() {
  while (!queue_.empty() && (!parked_.empty() || may_start())) {
    Pending pending = std::move(queue_.front());
    queue_.pop_front();
    --shared_->queued;
    if (parked_.empty()) {
      start_clone(std::move(pending));
      continue;
    }
    serve_with(pop_parked(), std::move(pending));
  }
}

// ---- starting clones -----------------------------------------------------------

// With an invocation, or ahead of demand.
void FunctionPool::start_clone(std::optional<Pending> pending) {
  Result<std::unique_ptr<Clone>> made = Clone::create(version_, parts_.shared.options.check_resets);
  if (!made) {
    if (pending) answer_later(std::move(*pending), std::move(made).error());
    return;
  }
  Clone& clone = **made;
  const bool fork = forks(pending.has_value());
  if (pending) {
    clone.teaches = fork && !(template_ && template_->has_teacher()) &&
                    Clone::fits_a_running_one(pending->call);
    const args::After after = clone.teaches ? args::After::kStays : after_answer();
    if (Status put = clone.put(*pending, after); !put) {
      return answer_later(std::move(*pending), std::move(put).error());
    }
    ++running_;
    peak_running_ = std::max(peak_running_, running_);
    parts_.shared.begin_running(parts_.index);
    parts_.watch_deadline(clone.deadline_ns());
  } else {
    ++starting_ahead_;
  }
  clones_.emplace(&clone, std::move(*made));
  parts_.shared.begin_clone(*shared_, parts_.index);
  publish();
  Status started = watch(clone);
  if (started) started = start_process(clone, fork);
  if (!started) on_forked(clone, fail(std::move(started).error()));
}

// Whether the next clone is a fork. The first one is restored from the image, as a
// template is only needed for those that follow; a burst does not wait for the first.
bool FunctionPool::forks(bool with_call) const {
  return parts_.shared.options.use_templates && !template_broken_ &&
         (template_ != nullptr || !clones_.empty() || !with_call);
}

Status FunctionPool::start_process(Clone& clone, bool fork) {
  if (fork && !template_) {
    if (Status started = start_template(); !started) template_broken_ = true;
  }
  if (fork && template_ && template_->order(clone)) {
    clone.tier = Tier::kFork;
    return {};
  }
  FW_TRY(parts_.zygotes.restore(clone));
  return watch_death(clone);
}

Status FunctionPool::start_template() {
  FW_TRY_ASSIGN(template_, Template::start(version_, parts_.events,
                                           [this](Clone& clone, Result<Process> process) {
                                             on_forked(clone, std::move(process));
                                           }));
  publish();
  return {};
}

void FunctionPool::on_forked(Clone& clone, Result<Process> process) {
  if (process) {
    clone.set_process(std::move(*process));
    if (Status watched = watch_death(clone); watched) {
      if (clone.busy()) return on_event(clone);  // it may have answered before we knew it
      --starting_ahead_;
      park(clone);
      return serve_queue();
    }
  }
  if (!clone.busy()) {
    --starting_ahead_;
    return erase(clone);
  }
  // Not through a template, then; the image itself may be what is wrong, and then that
  // way tells it, too.
  if (!process && process.error().code() == Errc::kDied) {
    template_broken_ = true;
    template_.reset();
    Status started = parts_.zygotes.restore(clone);
    if (started) started = watch_death(clone);
    if (started) return;
    process = fail(std::move(started).error());
  }
  settle(clone, process ? Result<Served>(fail(Errc::kSystem, "cannot watch a process"))
                        : Result<Served>(fail(std::move(process).error())));
}

Status FunctionPool::watch(Clone& clone) {
  FW_TRY_ASSIGN(clone.event_id, parts_.events.add(clone.event_fd(), EventSet::Mode::kEdges,
                                                  [this, &clone] { on_event(clone); }));
  return {};
}

Status FunctionPool::watch_death(Clone& clone) {
  FW_TRY_ASSIGN(clone.death_id, parts_.events.add(clone.process().pidfd(), EventSet::Mode::kOnce,
                                                  [this, &clone] { on_event(clone); }));
  return {};
}

// Forks ahead of demand, so that neither the fork nor its page faults are on anybody's
// path.
void FunctionPool::keep_ahead() {
  if (closing_ || !version_) return;
  const std::size_t wanted = wanted_ahead();
  while (parked_.size() + starting_ahead_ < wanted && may_start()) {
    const std::size_t before = clones_.size();
    start_clone(std::nullopt);
    if (clones_.size() == before) return;  // it failed
  }
}

std::size_t FunctionPool::wanted_ahead() const {
  const unsigned workers = parts_.shared.worker_count;
  const std::size_t minimum = (policy_.min_clones + workers - 1 - parts_.index) / workers;
  if (policy_.reuse == Reuse::kReset) return minimum > running_ ? minimum - running_ : 0;
  return std::max(minimum, std::min(peak_running_, kMostAhead));
}

// ---- an answer, or the end of a process ------------------------------------------

void FunctionPool::on_event(Clone& clone) {
  if (clone.death_id == EventSet::kNone) return;  // its process is not known yet
  if (!clone.busy()) {
    if (!clone.ended()) return;  // an edge that told of an answer fetched already
    const bool was_parked = std::erase(parked_, &clone) > 0;
    if (was_parked) {
      const std::lock_guard lock(parts_.stats_mutex);
      ++stats_.resets_killed;
    }
    erase(clone);
    if (was_parked) keep_ahead();
    return;
  }
  Result<std::optional<Served>> polled = clone.poll();
  if (polled && !*polled) return;
  const bool unseen = clone.tier == Tier::kHot && !clone.process().running() && clone.untouched() &&
                      !clone.pending().tried;
  if (unseen) {  // it could not be reset, or was killed while it was parked
    Pending again = clone.take_pending();
    again.tried = true;
    --running_;
    parts_.shared.end_running(parts_.index);
    {
      const std::lock_guard lock(parts_.stats_mutex);
      ++stats_.resets_killed;
    }
    erase(clone);
    return invoke(std::move(again), true);
  }
  if (!polled) return settle(clone, fail(std::move(polled).error()));
  settle(clone, std::move(**polled));
}

// The invocation of a clone is over, one way or the other.
void FunctionPool::settle(Clone& clone, Result<Served> result) {
  --running_;
  parts_.shared.end_running(parts_.index);
  record(result, clone);
  Pending pending = clone.take_pending();
  // First the answer: what follows is off its path.
  answer(std::move(pending), std::move(result));
  recycle(clone);
}

void FunctionPool::recycle(Clone& clone) {
  const bool teaches =
      clone.teaches && clone.process().running() && template_ && clone.version == version_;
  const bool reusable = clone.process().running() && clone.after == args::After::kResets &&
                        policy_.reuse == Reuse::kReset && clone.version == version_ && !closing_;
  if (reusable) {
    park(clone);
  } else if (teaches) {
    template_->learn_from(clone);
    taught_.push_back(&clone);  // it has to live until the template has looked
  } else {
    doom(clone);
  }
  serve_queue();
  keep_ahead();
  publish();
}

void FunctionPool::park(Clone& clone) {
  clone.idle_since_ns = monotonic_ns();
  parked_.push_back(&clone);
}

// Kills it; it is reaped when its end is told, not waited for.
void FunctionPool::doom(Clone& clone) {
  std::erase(parked_, &clone);
  if (!clone.process().running() || clone.death_id == EventSet::kNone) return erase(clone);
  (void)clone.process().send_signal(SIGKILL);
}

void FunctionPool::erase(Clone& clone) {
  std::erase(taught_, &clone);
  if (clone.event_id != EventSet::kNone) parts_.events.remove(clone.event_fd(), clone.event_id);
  if (clone.death_id != EventSet::kNone) {
    parts_.events.remove(clone.process().pidfd(), clone.death_id);
  }
  parts_.shared.end_clone(*shared_, parts_.index);
  clones_.erase(&clone);
  publish();
}

void FunctionPool::answer(Pending pending, Result<Served> result) {
  pending.done(std::move(result));
}

void FunctionPool::answer_later(Pending pending, Error error) {
  {
    const std::lock_guard lock(parts_.stats_mutex);
    if (error.code() == Errc::kBusy || error.code() == Errc::kClosing) {
      ++stats_.refused;
    } else {
      ++stats_.failed;
    }
  }
  parts_.post([done = std::move(pending.done), error = std::move(error)]() mutable {
    done(fail(std::move(error)));
  });
}

// ---- time -----------------------------------------------------------------------

std::uint64_t FunctionPool::time_out(std::uint64_t now_ns) {
  std::uint64_t next = 0;
  std::vector<Clone*> overdue;
  for (const auto& [clone, owned] : clones_) {
    if (!clone->busy()) continue;
    if (clone->deadline_ns() <= now_ns) {
      overdue.push_back(clone);
    } else if (next == 0 || clone->deadline_ns() < next) {
      next = clone->deadline_ns();
    }
  }
  for (Clone* clone : overdue) {
    if (clone->death_id == EventSet::kNone) {
      next = now_ns + kNsPerMs;  // its process is still being made
      continue;
    }
    on_event(*clone);  // it may just have answered
    if (clones_.contains(clone) && clone->busy() && clone->deadline_ns() <= now_ns) {
      parts_.events.remove(clone->process().pidfd(),
                           std::exchange(clone->death_id, EventSet::kNone));
      settle(*clone, clone->time_out());
    }
  }
  return next;
}

void FunctionPool::tick(std::uint64_t now_ns) {
  if (Result<Policy> policy = load_policy(parts_.shared.options.home, name_)) policy_ = *policy;
  if (version_ && current_number(link_) != version_->manifest.version) retire_version();
  for (Clone* teacher : std::exchange(taught_, {})) doom(*teacher);
  const std::size_t keep = wanted_ahead();
  const std::uint64_t idle_ns = policy_.idle_ms * kNsPerMs;
  while (parked_.size() > keep && parked_.front()->idle_since_ns + idle_ns < now_ns) {
    doom(*parked_.front());
  }
  // One at a time: those that are being ended still count, and other workers end theirs.
  if (!parked_.empty() && shared_->alive.load(std::memory_order_relaxed) > policy_.max_clones) {
    doom(*parked_.front());
  }
  if (template_ && template_->outstanding() == 0 && clones_.empty() &&
      last_used_ns_ + policy_.template_idle_ms * kNsPerMs < now_ns) {
    template_.reset();
  }
  peak_running_ = running_;
  publish();
}

bool FunctionPool::shed_clone() {
  if (parked_.empty()) return false;
  doom(*parked_.front());
  return true;
}

bool FunctionPool::shed_template() {
  if (!template_ || template_->outstanding() > 0 || running_ > 0) return false;
  template_.reset();
  publish();
  return true;
}

void FunctionPool::close() {
  closing_ = true;
  for (Clone* teacher : std::exchange(taught_, {})) doom(*teacher);
  while (!queue_.empty()) {
    Pending pending = std::move(queue_.front());
    queue_.pop_front();
    --shared_->queued;
    answer_later(std::move(pending), {Errc::kClosing, "the daemon is shutting down"});
  }
  while (!parked_.empty()) doom(*parked_.back());
}

void FunctionPool::abort() {
  close();
  template_.reset();  // nobody is told of what was ordered
  std::vector<Clone*> busy;
  for (const auto& [clone, owned] : clones_) {
    if (clone->busy()) busy.push_back(clone);
  }
  for (Clone* clone : busy) {
    settle(*clone, fail(Errc::kClosing, "the daemon is shutting down"));
  }
}

bool FunctionPool::forgettable(std::uint64_t now_ns) const {
  return !has_processes() && queue_.empty() &&
         last_used_ns_ + policy_.template_idle_ms * kNsPerMs < now_ns;
}

// ---- counting ---------------------------------------------------------------------

void FunctionPool::record(const Result<Served>& result, const Clone& clone) {
  const std::lock_guard lock(parts_.stats_mutex);
  if (!result) {
    ++stats_.failed;
    return;
  }
  const store::Invoked& invoked = result->invoked;
  const auto tier = static_cast<std::size_t>(clone.tier);
  ++stats_.by_tier[tier];
  if (invoked.ending == store::Ending::kTimedOut) {
    ++stats_.timeouts;
  } else if (!clone.process().running()) {
    ++stats_.crashes;
  } else {
    ++(invoked.ending == store::Ending::kResult ? stats_.results : stats_.errors);
  }
  using args::Instant;
  const std::uint64_t handler = at(invoked.timeline, Instant::kHandler);
  if (handler != 0) {
    stats_.start[tier].add(microseconds(at(invoked.timeline, Instant::kRequested), handler));
    const std::uint64_t handled = at(invoked.timeline, Instant::kHandled);
    const double took = microseconds(handler, handled != 0 ? handled : invoked.received_ns);
    stats_.duration.add(took);
    constexpr double kWeight = 0.2;
    mean_handler_us_ += kWeight * (took - mean_handler_us_);
  }
  stats_.minor_faults += invoked.minor_faults;
  stats_.major_faults += invoked.major_faults;
  stats_.reset_pages += invoked.reset_pages;
  stats_.resets_fast += invoked.boot == args::Boot::kResetFast ? 1U : 0U;
  stats_.resets_scan += invoked.boot == args::Boot::kResetScan ? 1U : 0U;
  stats_.resets_full += invoked.boot == args::Boot::kResetFull ? 1U : 0U;
  stats_.lost_code += invoked.jit == args::Jit::kLost ? 1U : 0U;
}

void FunctionPool::publish() {
  const std::lock_guard lock(parts_.stats_mutex);
  stats_.queued = queue_.size();
  stats_.running = running_;
  stats_.parked = parked_.size();
  stats_.starting = starting_ahead_;
  stats_.templates = template_ ? 1 : 0;
}

}  // namespace fw::pool

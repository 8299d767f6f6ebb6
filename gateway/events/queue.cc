#include "gateway/events/queue.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "gateway/events/delivery.h"
#include "gateway/events/keeper.h"

namespace fw::gateway::events {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxRequestId = 63;
constexpr std::size_t kMaxKey = 256;
// After a transaction that failed, and when the wall clock may have been set.
constexpr std::uint64_t kTryAgainMs = 200;
constexpr std::uint64_t kLongestWaitMs = 60'000;

// Errors that concern one command and leave the transaction whole.
bool harmless(const Error& error) {
  return error.code() == Errc::kNotFound || error.code() == Errc::kBusy ||
         error.code() == Errc::kBadInput;
}

// A command from its work, which yields Result<T>, and whom to tell.
template <typename T, typename Work>
Command make_command(Work work, std::function<void(Result<T>)> done, std::size_t bytes) {
  auto result = std::make_shared<std::optional<Result<T>>>();
  return {[result, work = std::move(work)](Keeper& keeper) -> Status {
            *result = work(keeper);
            if (**result || harmless((*result)->error())) return {};
            return fail((*result)->error());
          },
          [result, done = std::move(done)](const Status& committed) {
            done(committed ? std::move(**result) : fail(committed.error()));
          },
          bytes};
}

class FileQueue final : public Queue {
 public:
  FileQueue(std::unique_ptr<Keeper> keeper, pool::Pool& pool, const Options& options)
      : options_(options),
        keeper_(std::move(keeper)),
        inbox_(std::make_shared<Inbox>()),
        delivery_(pool, inbox_, options.log),
        thread_([this] { run(); }) {}
  ~FileQueue() override { stop(0); }

  void submit(Event event, Submitted done) override;
  void look_up(std::string event_id, std::function<void(Result<EventState>)> done) override {
    ask<EventState>([id = std::move(event_id)](Keeper& keeper) { return keeper.look_up(id); },
                    std::move(done));
  }
  void dead_letters(std::string function, std::size_t limit, DeadLetters done) override {
    ask<std::vector<DeadLetter>>(
        [function = std::move(function), limit](Keeper& keeper) {
          return keeper.dead_letters(function, limit);
        },
        std::move(done));
  }
  void replay(std::string event_id, std::function<void(Status)> done) override {
    ask<void>([id = std::move(event_id)](Keeper& keeper) { return keeper.replay(id); },
              std::move(done));
  }
  void discard(std::string event_id, std::function<void(Status)> done) override {
    ask<void>([id = std::move(event_id)](Keeper& keeper) { return keeper.discard(id); },
              std::move(done));
  }
  std::size_t max_payload() const override { return options_.max_payload; }
  EventStats stats() override {
    EventStats stats = keeper_->stats();
    stats.rejected = rejected_;
    return stats;
  }
  void close(std::uint64_t patience_ms) override { stop(patience_ms); }

 private:
  Status check(const Event& event) const;
  template <typename T, typename Work>
  void ask(Work work, std::function<void(Result<T>)> done, std::size_t bytes = 0);
  void stop(std::uint64_t patience_ms);

  void run();
  std::vector<Command> next_commands(bool failed, bool& closing);
  bool finished();

  const Options options_;
  const std::unique_ptr<Keeper> keeper_;
  const std::shared_ptr<Inbox> inbox_;
  std::atomic<std::uint64_t> rejected_{0};
  Clock::time_point deadline_{};  // of the attempts under way, guarded by the inbox's mutex
  std::mutex stopping_;
  Delivery delivery_;
  std::thread thread_;  // the last: it uses all others
};

Status FileQueue::check(const Event& event) const {
  const std::size_t bytes = event.arguments.size() + event.call_context.size();
  if (bytes > options_.max_payload) {
    return fail(Errc::kBadInput, "the event has " + std::to_string(bytes) +
                                     " bytes of arguments and context, and " +
                                     std::to_string(options_.max_payload) + " are allowed");
  }
  if (event.request_id.size() > kMaxRequestId) {
    return fail(Errc::kBadInput, "the request id is longer than the " +
                                     std::to_string(kMaxRequestId) + " bytes allowed");
  }
  if (event.idempotency_key.size() > kMaxKey) {
    return fail(Errc::kBadInput, "the idempotency key is longer than the " +
                                     std::to_string(kMaxKey) + " bytes allowed");
  }
  return {};
}

void FileQueue::submit(Event event, Submitted done) {
  Submitted counted = [this, done = std::move(done)](Result<Accepted> accepted) {
    if (!accepted) ++rejected_;
    done(std::move(accepted));
  };
  if (Status fit = check(event); !fit) return counted(fail(std::move(fit).error()));
  const std::size_t bytes =
      event.arguments.size() + event.call_context.size() + event.function.size();
  auto shared = std::make_shared<const Event>(std::move(event));
  ask<Accepted>([shared](Keeper& keeper) { return keeper.submit(*shared); }, std::move(counted),
                bytes);
}

template <typename T, typename Work>
void FileQueue::ask(Work work, std::function<void(Result<T>)> done, std::size_t bytes) {
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(inbox_->mutex);
    if (inbox_->closing) {
      refusal.emplace(Errc::kClosing, "the queue of events is closing");
    } else if (bytes > 0 && inbox_->bytes + bytes > options_.max_unwritten) {
      refusal.emplace(Errc::kBusy, std::to_string(inbox_->bytes) +
                                       " bytes of events wait to be written, as many as may");
    } else {
      inbox_->bytes += bytes;
      inbox_->commands.push_back(make_command<T>(std::move(work), std::move(done), bytes));
      inbox_->arrived.notify_one();
    }
  }
  if (refusal) done(fail(std::move(*refusal)));
}

void FileQueue::stop(std::uint64_t patience_ms) {
  const std::lock_guard stopping(stopping_);
  {
    const std::lock_guard lock(inbox_->mutex);
    if (!inbox_->closing) deadline_ = Clock::now() + std::chrono::milliseconds(patience_ms);
    inbox_->closing = true;
    inbox_->arrived.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void FileQueue::run() {
  bool failed = false;
  while (!finished()) {
    bool closing = false;
    std::vector<Command> commands = next_commands(failed, closing);
    std::size_t bytes = 0;
    for (const Command& command : commands) bytes += command.bytes;
    Result<std::vector<Claim>> claims =
        keeper_->transact(std::move(commands), !closing, wall_clock_ms());
    failed = !claims;
    if (claims) delivery_.start(std::move(*claims));
    const std::lock_guard lock(inbox_->mutex);
    inbox_->bytes -= bytes;
  }
  keeper_->close();
}

// Whether there is nothing more to do: what remains is for the next to open the file.
bool FileQueue::finished() {
  const std::lock_guard lock(inbox_->mutex);
  if (!inbox_->closing || !inbox_->commands.empty()) return false;
  if (Clock::now() >= deadline_) return inbox_->outcomes.empty();
  return inbox_->outcomes.empty() && !keeper_->has_outcomes() && keeper_->running() == 0;
}

// Waits until there is something to do. Outcomes go to the keeper.
std::vector<Command> FileQueue::next_commands(bool failed, bool& closing) {
  std::unique_lock lock(inbox_->mutex);
  const std::uint64_t now_ms = wall_clock_ms();
  const std::uint64_t next_ms = keeper_->next_ms(!inbox_->closing);
  std::uint64_t wait_ms = next_ms > now_ms ? std::min(next_ms - now_ms, kLongestWaitMs) : 0;
  if (failed) wait_ms = kTryAgainMs;
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(wait_ms);
  const bool was_closing = inbox_->closing;
  inbox_->arrived.wait_until(lock, was_closing ? std::min(until, deadline_) : until, [&] {
    return !inbox_->commands.empty() || !inbox_->outcomes.empty() || inbox_->closing != was_closing;
  });
  closing = inbox_->closing;
  keeper_->take(std::exchange(inbox_->outcomes, {}), wall_clock_ms());
  return std::exchange(inbox_->commands, {});
}

}  // namespace

Result<std::unique_ptr<Queue>> Queue::open(const std::filesystem::path& file, pool::Pool& pool,
                                           Options options) {
  Result<std::unique_ptr<Keeper>> keeper = Keeper::open(file, options);
  if (!keeper) return fail(std::move(keeper).error().context("events"));
  return std::make_unique<FileQueue>(std::move(*keeper), pool, options);
}

}  // namespace fw::gateway::events

#include "gateway/events/delivery.h"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace fw::gateway::events {

namespace {

// Of an error's body: enough to see what happened, little enough to keep many.
constexpr std::size_t kMaxError = std::size_t{64} << 10;

// Not in the middle of a character.
std::string cut(const std::string& text) {
  if (text.size() <= kMaxError) return text;
  std::size_t end = kMaxError;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

// What the log tells of an attempt besides its answer.
struct Logged {
  logs::InvocationLog* log;
  std::string function;
  std::string request_id;
  std::string traceparent;

  Logged(logs::InvocationLog* to, const Claim& claim) : log(to) {
    if (log == nullptr) return;
    function = claim.function;
    request_id = claim.request_id;
    const auto context = nlohmann::json::parse(claim.call_context, nullptr, false);
    if (!context.is_object()) return;
    const auto found = context.find("traceparent");
    if (found != context.end() && found->is_string()) traceparent = found->get<std::string>();
  }
  void note(const Result<pool::Served>& served, Outcome::Kind kind) const {
    // Of a busy pool there is nothing to tell each time.
    if (log == nullptr || kind == Outcome::Kind::kPostponed) return;
    if (served) {
      log->note(function, *served, traceparent);
    } else {
      log->note_failure(function, request_id, served.error(), traceparent);
    }
  }
};

void invoke(pool::Worker& worker, const std::shared_ptr<Inbox>& inbox, logs::InvocationLog* log,
            Claim claim) {
  const std::uint64_t id = claim.id;
  const std::uint64_t started_ms = wall_clock_ms();
  const Logged logged(log, claim);
  pool::Call call;
  call.function = std::move(claim.function);
  call.arguments = std::move(claim.arguments);
  call.request_id = std::move(claim.request_id);
  call.call_context = std::move(claim.call_context);
  worker.invoke(std::move(call),
                [inbox, id, started_ms, logged](const Result<pool::Served>& served) {
                  Outcome outcome = outcome_of(served);
                  logged.note(served, outcome.kind);
                  outcome.id = id;
                  outcome.attempt.started_ms = started_ms;
                  outcome.attempt.ended_ms = wall_clock_ms();
                  const std::lock_guard lock(inbox->mutex);
                  inbox->outcomes.push_back(std::move(outcome));
                  inbox->arrived.notify_one();
                });
}

}  // namespace

Outcome outcome_of(const Result<pool::Served>& served) {
  Outcome outcome;
  if (!served) {
    const Error& error = served.error();
    outcome.attempt.outcome = name_of(error.code());
    outcome.error = cut(error.message());
    const bool later = error.code() == Errc::kBusy || error.code() == Errc::kClosing;
    outcome.kind = later                             ? Outcome::Kind::kPostponed
                   : error.code() == Errc::kBadInput ? Outcome::Kind::kHopeless
                                                     : Outcome::Kind::kFailed;
    return outcome;
  }
  const store::Invoked& invoked = served->invoked;
  if (invoked.ending == store::Ending::kResult) {
    outcome.kind = Outcome::Kind::kDelivered;
    return outcome;
  }
  outcome.kind = Outcome::Kind::kFailed;
  outcome.attempt.outcome = invoked.ending == store::Ending::kTimedOut ? "timed_out" : "error";
  outcome.error = cut(invoked.body);
  return outcome;
}

void Delivery::start(std::vector<Claim> claims) {
  const std::vector<pool::Worker*>& workers = pool_.workers();
  std::vector<std::vector<Claim>> shares(workers.size());
  for (Claim& claim : claims) shares[next_worker_++ % workers.size()].push_back(std::move(claim));
  for (std::size_t i = 0; i < workers.size(); ++i) {
    if (shares[i].empty()) continue;
    auto share = std::make_shared<std::vector<Claim>>(std::move(shares[i]));
    boost::asio::post(workers[i]->loop(), [worker = workers[i], inbox = inbox_, log = log_, share] {
      for (Claim& claim : *share) invoke(*worker, inbox, log, std::move(claim));
    });
  }
}

}  // namespace fw::gateway::events

#include "fwrun/invoke_by_daemon.h"

#include <nlohmann/json.hpp>

#include "gateway/client.h"
#include "gateway/functions/detail.h"

namespace fw::cli {

namespace {

// Longer than any function may run, and wait for its turn.
constexpr std::uint64_t kPatienceMs = 2 * 900'000;

// What the daemon refuses comes as {"error", "code"}.
Error refusal(const gateway::HttpAnswer& answer) {
  const nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
  const bool told = body.is_object() && body.contains("error") && body["error"].is_string();
  const std::string message =
      told ? body["error"].get<std::string>()
           : "the daemon answered with status " + std::to_string(answer.status);
  const std::string code = told ? body.value("code", "") : "";
  for (const Errc known : {Errc::kBadInput, Errc::kNotFound, Errc::kRefused, Errc::kBusy,
                           Errc::kClosing, Errc::kSystem}) {
    if (name_of(known) == code) return {known, message};
  }
  return {Errc::kInternal, message};
}

}  // namespace

std::optional<Result<store::Invoked>> invoke_by_daemon(const store::Home& home,
                                                       const std::string& function,
                                                       std::string_view arguments) {
  const Result<gateway::HttpAnswer> answer = gateway::request_over_unix_socket(
      home.root() / store::kDaemonSocket, "POST", "/invoke/" + function,
      {{"X-Fwrun-Detail", "1"}, {"Content-Type", "application/json"}}, arguments, kPatienceMs);
  if (!answer) {
    const Errc code = answer.error().code();
    if (code == Errc::kNotFound || code == Errc::kBusy) return std::nullopt;
    return Result<store::Invoked>(fail(answer.error()));
  }
  if (answer->status == 503) return std::nullopt;  // it is about to end
  if (answer->status != 200) return Result<store::Invoked>(fail(refusal(*answer)));
  Result<pool::Served> served = gateway::functions::from_json(answer->body);
  if (!served) return Result<store::Invoked>(fail(std::move(served).error()));
  return Result<store::Invoked>(std::move(served->invoked));
}

}  // namespace fw::cli

#include "bench/restores/target.h"

#include <nlohmann/json.hpp>

namespace fw::bench {

namespace {

constexpr std::size_t kShown = 300;  // bytes of an answer in a message

}  // namespace

bool same_json(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const nlohmann::json left = nlohmann::json::parse(a, nullptr, false);
  const nlohmann::json right = nlohmann::json::parse(b, nullptr, false);
  return !left.is_discarded() && left == right;
}

Result<store::Invoked> restore_once(const Target& target) {
  FW_TRY_ASSIGN(store::Invoked invoked,
                store::invoke_image({target.image_fd, target.restorer, target.event,
                                     target.timeout_ms, target.pack_fd}));
  if (invoked.ending != store::Ending::kResult) {
    return fail(Errc::kFunction, "the restored function failed: " + invoked.body.substr(0, kShown));
  }
  if (!target.expected.empty() && !same_json(invoked.body, target.expected)) {
    return fail(Errc::kFunction, "the restored function answered " +
                                     invoked.body.substr(0, kShown) + " instead of " +
                                     target.expected.substr(0, kShown));
  }
  return invoked;
}

}  // namespace fw::bench

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

store::InvokeRequest Target::request() const {
  return {image_fd, restorer, event, timeout_ms, pack_fd};
}

Status check_answer(const Target& target, const store::Invoked& invoked) {
  if (target.jit != nullptr) target.jit->add(invoked);
  if (invoked.ending != store::Ending::kResult) {
    return fail(Errc::kFunction, "the restored function failed: " + invoked.body.substr(0, kShown));
  }
  if (!target.expected.empty() && !same_json(invoked.body, target.expected)) {
    return fail(Errc::kFunction, "the restored function answered " +
                                     invoked.body.substr(0, kShown) + " instead of " +
                                     target.expected.substr(0, kShown));
  }
  return {};
}

Result<store::Invoked> restore_once(const Target& target) {
  FW_TRY_ASSIGN(store::Invoked invoked, store::invoke_image(target.request()));
  FW_TRY(check_answer(target, invoked));
  return invoked;
}

}  // namespace fw::bench

#include "store/install/probe.h"

#include <fcntl.h>

#include <string>

#include "args/timeline.h"
#include "base/files.h"
#include "embed/report.h"
#include "store/home.h"
#include "store/invoke.h"

namespace fw::store {

namespace {

constexpr std::size_t kShown = 200;  // bytes of an answer in a warning

std::string shorten(std::string text) {
  if (text.size() <= kShown) return text;
  return text.substr(0, kShown) + "... (" + std::to_string(text.size()) + " bytes)";
}

void note_handler_time(const Invoked& invoked, nlohmann::json& report) {
  const std::uint64_t handler = args::at(invoked.timeline, args::Instant::kHandler);
  const std::uint64_t handled = args::at(invoked.timeline, args::Instant::kHandled);
  if (handler == 0 || handled < handler) return;
  report["training"]["after_restore_us"] = static_cast<double>(handled - handler) / 1000.0;
}

}  // namespace

Status prove_image(const Proof& proof, nlohmann::json& report) {
  FW_TRY_ASSIGN(const embed::Report trained, embed::report_from_json(report.dump()));
  const embed::Probe& probe = trained.training.probe;
  const bool was_trained = !probe.event.empty();

  FW_TRY_ASSIGN(const UniqueFd image, open_file(proof.image, O_RDONLY));
  const UniqueFd pack(
      ::open((proof.image.parent_path() / kPackFile).c_str(), O_RDONLY | O_CLOEXEC));
  FW_TRY_ASSIGN(const Invoked invoked,
                invoke_image({image.get(), proof.restorer, was_trained ? probe.event : "{}",
                              proof.timeout_ms, pack.get()}));
  note_handler_time(invoked, report);
  if (!was_trained) return {};
  if (invoked.ending != Ending::kResult) {
    return fail(Errc::kFunction,
                "the restored function fails where the trained one answered: " + invoked.body);
  }
  if (!probe.stable) return {};
  const nlohmann::json expected = nlohmann::json::parse(probe.result, nullptr, false);
  const nlohmann::json result = nlohmann::json::parse(invoked.body, nullptr, false);
  if (result != expected) {
    report["warnings"].push_back("the restored function answered " + shorten(invoked.body) +
                                 " to the event to which the trained one had answered " +
                                 shorten(probe.result) +
                                 "; that is right only if its answers vary");
  }
  return {};
}

}  // namespace fw::store

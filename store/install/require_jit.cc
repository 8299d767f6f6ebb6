#include "store/install/require_jit.h"

#include <string>

#include "embed/report.h"

namespace fw::store {

namespace {

std::string describe(const embed::FunctionReport& function) {
  const std::string name = function.name.empty() ? "(anonymous)" : function.name;
  const std::string reason =
      function.reason.empty() ? "it remains " + function.tier : function.reason;
  return function.file + ":" + std::to_string(function.line) + ": " + name + ": " + reason;
}

}  // namespace

std::optional<InstallFailure> unmet_jit(nlohmann::json& report) {
  const Result<embed::Report> read = embed::report_from_json(report.dump());
  if (!read) return InstallFailure(read.error());
  std::size_t annotated = 0;
  nlohmann::json unmet = nlohmann::json::array();
  std::string lines;
  for (const embed::FunctionReport& function : read->functions) {
    if (!function.annotated) continue;
    ++annotated;
    if (function.optimised) continue;
    unmet.push_back({{"function", function.name},
                     {"file", function.file},
                     {"line", function.line},
                     {"tier", function.tier},
                     {"reason", function.reason}});
    lines += "\n    " + describe(function);
  }
  if (annotated == 0) {
    report["warnings"].push_back(
        "--require-jit had nothing to require: no function is annotated with @jit");
    return std::nullopt;
  }
  if (unmet.empty()) return std::nullopt;
  const std::string message =
      std::to_string(unmet.size()) + " of " + std::to_string(annotated) +
      " annotated functions could not be optimised, as --require-jit asks:" + lines;
  InstallFailure failure(Error(Errc::kFunction, message));
  failure.detail = {{"errorType", "Jit.NotOptimised"},
                    {"errorMessage", message},
                    {"trace", nlohmann::json::array()},
                    {"functions", std::move(unmet)}};
  return failure;
}

}  // namespace fw::store

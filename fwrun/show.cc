#include <nlohmann/json.hpp>

#include "fwrun/commands.h"
#include "fwrun/install_report.h"
#include "fwrun/output.h"
#include "store/catalog.h"
#include "store/sweep.h"

namespace fw::cli {

namespace {

struct Shown {
  store::Manifest manifest;
  std::vector<std::uint64_t> versions;
  nlohmann::json report;
};

Result<Shown> look_up(const store::Home& home, const std::string& name) {
  FW_TRY_ASSIGN(store::InstalledVersion version, store::open_current(home, name));
  FW_TRY_ASSIGN(const std::string text, store::read_report(home, name));
  nlohmann::json report = nlohmann::json::parse(text, nullptr, false);
  if (report.is_discarded()) {
    return fail(Errc::kRefused, "function '" + name + "': its report is damaged");
  }
  FW_TRY_ASSIGN(std::vector<std::uint64_t> versions, store::list_versions(home, name));
  return Shown{std::move(version.manifest), std::move(versions), std::move(report)};
}

std::string describe(const Shown& shown) {
  const store::Manifest& manifest = shown.manifest;
  std::string text = manifest.name + ", version " + std::to_string(manifest.version);
  for (const std::uint64_t version : shown.versions) {
    if (version < manifest.version) text += " (kept: " + std::to_string(version) + ")";
  }
  text += "\n\nentry           " + manifest.entry + "\n";
  if (!manifest.handler.empty()) text += "handler         " + manifest.handler + "\n";
  text += "limits          " + std::to_string(manifest.memory_mb) + " MB, " +
          nlohmann::json(static_cast<double>(manifest.timeout_ms) / 1000).dump() + " s\n";
  for (const auto& [name, value] : manifest.environment) {
    text.append("environment     ").append(name).append("=").append(value).append("\n");
  }
  return text + describe_report(shown.report);
}

}  // namespace

int run_show(const store::Home& home, const Options& options) {
  (void)store::sweep(home);
  const Result<Shown> shown = look_up(home, options.subject);
  if (!shown) return report_error(options.json, shown.error());
  if (!options.json) return print_result(describe(*shown), kOk);
  return print_result(to_line({{"function", to_json(shown->manifest)},
                               {"versions", shown->versions},
                               {"report", shown->report}}),
                      kOk);
}

}  // namespace fw::cli

#include "store/install/install.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/clock.h"
#include "base/files.h"
#include "snapshot/cache/pack.h"
#include "snapshot/image/reader.h"
#include "store/executables.h"
#include "store/install/entry.h"
#include "store/install/environment.h"
#include "store/install/probe.h"
#include "store/install/require_jit.h"
#include "store/install/train.h"
#include "store/json_text.h"
#include "store/manifest.h"
#include "store/name.h"
#include "store/publish.h"
#include "store/staging.h"
#include "store/sweep.h"

namespace fw::store {

namespace {

// Loading and training calls the function many times: what is allowed for it
// follows from what is allowed for a call.
constexpr std::uint64_t kTrainingCalls = 20;
constexpr std::uint64_t kLeastTrainingMs = 10'000;

// The request, checked, with every default filled in.
struct Plan {
  std::string name;
  Entry entry;
  Environment environment;
  std::filesystem::path host;
  std::filesystem::path restorer;
};

Status check_events(const std::string& events, const std::string& source) {
  FW_TRY_ASSIGN(const JsonShape shape, check_json(events, source));
  if (shape.kind != JsonKind::kArray) {
    return fail(Errc::kBadInput, source + ": expected a JSON array of training events: [{...}]");
  }
  if (shape.elements == 0) {
    return fail(Errc::kBadInput, source + ": the array is empty: give at least one training event");
  }
  return {};
}

// Options of Python's compiler. V8's needs none: what it compiles keeps its meaning.
Status check_jit(const InstallRequest& request, Language language) {
  if (!(request.jit_tolerance >= 0 && request.jit_tolerance < 1)) {
    return fail(Errc::kBadInput, "the tolerance of compiled floats must be at least 0 and below 1");
  }
  if (language == Language::kPython) return {};
  if (request.auto_jit && request.jit_tolerance == 0) return {};
  return fail(Errc::kBadInput, std::string(request.auto_jit ? "--jit-tolerance" : "--no-auto-jit") +
                                   " is for Python functions only: " + request.source.string() +
                                   " is JavaScript, which V8 compiles");
}

Result<Plan> check(const InstallRequest& request) {
  Plan plan;
  FW_TRY_ASSIGN(plan.entry, find_entry(request.source, request.handler));
  FW_TRY(check_jit(request, plan.entry.language));
  plan.name = request.name.empty() ? plan.entry.default_name : request.name;
  if (Status named = check_name(plan.name); !named) {
    if (!request.name.empty()) return fail(std::move(named).error());
    return fail(Errc::kBadInput, named.error().message() + "; choose a name by --name");
  }
  if (request.training_events)
    FW_TRY(check_events(*request.training_events, request.training_source));
  FW_TRY_ASSIGN(plan.environment, function_environment(request.environment));
  Result<std::filesystem::path> host = find_executable(host_of(plan.entry.language));
  if (!host) {
    return fail(std::move(host).error().context(
        "cannot install " + std::string(name_of(plan.entry.language)) + " functions"));
  }
  plan.host = std::move(*host);
  FW_TRY_ASSIGN(plan.restorer, find_executable(kRestorer));
  return plan;
}

embed::Job make_job(const InstallRequest& request, const Plan& plan, const Staging& staging) {
  embed::Job job;
  job.function_name = plan.name;
  job.function_version = std::to_string(staging.version());
  job.entry = plan.entry.file.string();
  job.handler = plan.entry.handler;
  job.signature = request.signature;
  job.image_path = (staging.version_folder() / kImageFile).string();
  job.training_events = request.training_events.value_or("");
  job.environment = request.environment;
  job.auto_jit = request.auto_jit;
  job.jit_tolerance = request.jit_tolerance;
  job.memory_mb = request.memory_mb;
  job.timeout_ms = request.timeout_ms;
  job.training_timeout_ms = std::max(kLeastTrainingMs, kTrainingCalls * request.timeout_ms);
  return job;
}

Result<Manifest> make_manifest(const InstallRequest& request, const Plan& plan,
                               const Staging& staging, const nlohmann::json& report) {
  const std::filesystem::path image = staging.version_folder() / kImageFile;
  struct stat status {};
  if (::stat(image.c_str(), &status) != 0) return fail_errno("stat " + image.string());
  constexpr std::uint64_t kBlock = 512;  // what it takes on disk: zeros are holes
  const std::uint64_t bytes = static_cast<std::uint64_t>(status.st_blocks) * kBlock;
  Manifest manifest;
  manifest.name = plan.name;
  manifest.version = staging.version();
  manifest.runtime = report.value("runtime", std::string("unknown"));
  manifest.entry = plan.entry.file.string();
  manifest.handler = plan.entry.handler;
  manifest.signature = report.value("signature", manifest.signature);
  manifest.environment = request.environment;
  manifest.memory_mb = request.memory_mb;
  manifest.timeout_ms = request.timeout_ms;
  manifest.installed_ms = wall_clock_ms();
  manifest.image_bytes = bytes;
  manifest.jit = report.value("functions", nlohmann::json::array()).dump();
  return manifest;
}

// A function without a pack works, only slower: no room for one is no failure.
void add_pack(const Home& home, const std::filesystem::path& folder, nlohmann::json& report) {
  const auto link = [&]() -> Status {
    FW_TRY_ASSIGN(const image::ImageReader image, image::ImageReader::open(folder / kImageFile));
    return cache::link_pack(home.packs(), image, folder / kPackFile);
  };
  if (const Status linked = link(); !linked) {
    report["warnings"].push_back(
        "restores will be slower, without a pack of the files that the "
        "image maps: " +
        linked.error().message());
  }
}

InstallResult build_and_publish(const Home& home, const InstallRequest& request, const Plan& plan,
                                const Staging& staging, const InstallProgress& progress) {
  progress(InstallPhase::kTrain);
  auto report =
      train({plan.host, plan.entry.folder, plan.environment, make_job(request, plan, staging)},
            [&] { progress(InstallPhase::kRetry); });
  if (!report) return tl::unexpected(std::move(report).error());
  if (request.require_jit) {
    if (auto unmet = unmet_jit(*report)) return tl::unexpected(std::move(*unmet));
  }

  progress(InstallPhase::kVerify);
  const std::filesystem::path folder = staging.version_folder();
  add_pack(home, folder, *report);
  if (Status proved =
          prove_image({folder / kImageFile, plan.restorer, request.timeout_ms}, *report);
      !proved) {
    return fail(std::move(proved).error().context("verify the image"));
  }
  FW_TRY_ASSIGN(const Manifest manifest, make_manifest(request, plan, staging, *report));

  progress(InstallPhase::kPublish);
  Installed installed{plan.name, staging.version(), to_json(manifest), std::move(*report)};
  FW_TRY(write_file_atomically(folder / kManifestFile, to_text(manifest), 0600));
  FW_TRY(write_file_atomically(folder / kReportFile, installed.report.dump(2) + "\n", 0600));
  FW_TRY(publish(home, staging));
  return installed;
}

}  // namespace

std::string_view name_of(InstallPhase phase) {
  switch (phase) {
    case InstallPhase::kCheck:
      return "check";
    case InstallPhase::kWait:
      return "wait";
    case InstallPhase::kTrain:
      return "train";
    case InstallPhase::kRetry:
      return "retry";
    case InstallPhase::kVerify:
      return "verify";
    case InstallPhase::kPublish:
      return "publish";
  }
  return "unknown";
}

InstallResult install(const Home& home, const InstallRequest& request,
                      const InstallProgress& progress) {
  progress(InstallPhase::kCheck);
  FW_TRY_ASSIGN(const Plan plan, check(request));
  FW_TRY(home.create());
  FW_TRY(sweep(home));
  FW_TRY_ASSIGN(const Staging staging,
                Staging::begin(home, plan.name, [&] { progress(InstallPhase::kWait); }));
  return build_and_publish(home, request, plan, staging, progress);
}

}  // namespace fw::store

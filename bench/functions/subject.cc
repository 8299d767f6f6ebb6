#include "bench/functions/subject.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "store/catalog.h"

namespace fw::bench {

bool Subject::has_jit() const {
  return std::any_of(installation.functions.begin(), installation.functions.end(),
                     [](const embed::FunctionReport& function) {
                       return function.optimised || function.annotated;
                     });
}

std::string Subject::event() const {
  const std::string& event = installation.training.probe.event;
  return event.empty() ? "{}" : event;
}

std::string Subject::expected() const {
  const embed::Probe& probe = installation.training.probe;
  return probe.stable ? probe.result : std::string();
}

Target Subject::target(const cache::CachedImage& image,
                       const std::filesystem::path& restorer) const {
  return {image.image.get(),   restorer,         event(), expected(),
          manifest.timeout_ms, image.pack.get(), jit};
}

Result<Subject> open_subject(const store::Home& home, const std::string& name, std::string key,
                             std::string what) {
  FW_TRY_ASSIGN(store::InstalledVersion version, store::open_current(home, name));
  FW_TRY_ASSIGN(const std::string text, store::read_report(home, name));
  FW_TRY_ASSIGN(embed::Report installation, embed::report_from_json(text));
  Subject subject;
  subject.key = std::move(key);
  subject.what = std::move(what);
  subject.language =
      store::language_of(version.manifest.entry).value_or(store::Language::kJavaScript);
  subject.image_path =
      home.versions(name) / std::to_string(version.manifest.version) / store::kImageFile;
  subject.manifest = std::move(version.manifest);
  subject.installation = std::move(installation);
  subject.stored = {std::move(version.image), std::move(version.pack)};
  return subject;
}

Result<std::vector<Subject>> open_functions(const store::Home& home,
                                            const std::vector<std::string>& names,
                                            Figures& figures) {
  std::vector<Subject> subjects;
  for (const std::string& name : names) {
    FW_TRY_ASSIGN(Subject subject, open_subject(home, name, name, name));
    const embed::TrainingReport& training = subject.installation.training;
    if (training.events > 0) {
      figures.add(name + ".first_call_unoptimised", "very first call, nothing optimised, " + name,
                  "us", static_cast<double>(training.first_call_us));
      figures.add(name + ".steady_call", "steady call, optimised, in training, " + name, "us",
                  static_cast<double>(training.steady_call_us));
    }
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

void report_jit(const Subject& subject, Figures& figures) {
  if (!subject.has_jit()) return;
  figures.add(subject.key + ".invocations", "invocations in this run, " + subject.what, "",
              static_cast<double>(subject.jit->calls));
  figures.add(subject.key + ".without_jit",
              "of these without all of the code compiled before the snapshot, " + subject.what, "",
              static_cast<double>(subject.jit->without));
}

namespace {

double allocated_bytes(const struct stat& status) {
  constexpr double kBlockBytes = 512;  // of st_blocks
  return static_cast<double>(status.st_blocks) * kBlockBytes;
}

}  // namespace

Status report_image(const Subject& subject, Figures& figures) {
  struct stat status {};
  if (::fstat(subject.stored.image.get(), &status) != 0) return fail_errno("look at an image");
  figures.add(subject.key + ".image_bytes", "image, its file with the holes, " + subject.what,
              "bytes", static_cast<double>(status.st_size));
  figures.add(subject.key + ".image_allocated", "image, on disk, " + subject.what, "bytes",
              allocated_bytes(status));
  struct stat pack {};
  if (subject.stored.pack.valid() && ::fstat(subject.stored.pack.get(), &pack) == 0) {
    figures.add(subject.key + ".pack_allocated",
                "pack of library code, shared by functions, on disk, " + subject.what, "bytes",
                allocated_bytes(pack));
  }
  return {};
}

}  // namespace fw::bench

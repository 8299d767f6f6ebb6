#include "fwrun/install_report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "embed/report.h"
#include "fwrun/jit_receipt.h"

namespace fw::cli {

namespace {

std::string count(std::uint64_t n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

std::string describe_annotation(const embed::AnnotationReport& annotation) {
  if (annotation.file.empty()) return "just before the handler";
  return annotation.file + ":" + std::to_string(annotation.line) + " (" + annotation.kind + ")";
}

std::string describe_training(const embed::TrainingReport& training, const nlohmann::json& report) {
  if (training.events == 0) {
    return describe_row("training", "none: --train FILE gives events to train with");
  }
  std::string text = describe_row(
      "training", count(training.events, "event") + ", " + count(training.rounds, "round"));
  text += describe_row("first call",
                       describe_microseconds(static_cast<double>(training.first_call_us)) +
                           ", nothing optimised yet");
  text += describe_row("steady call",
                       describe_microseconds(static_cast<double>(training.steady_call_us)));
  const auto after = report.at("training").find("after_restore_us");
  if (after != report.at("training").end() && after->is_number()) {
    text += describe_row("after restore",
                         describe_microseconds(after->get<double>()) + ", the first call");
  }
  return text;
}

std::string describe_phases(const std::map<std::string, std::uint64_t>& phases) {
  std::string text;
  for (const char* name : {"boot", "load", "train", "capture"}) {  // as they followed each other
    const auto phase = phases.find(name);
    if (phase == phases.end()) continue;
    text += (text.empty() ? "" : ", ") + std::string(name) + " " +
            std::to_string(phase->second / 1000) + " ms";
  }
  return describe_row("host", text);
}

}  // namespace

std::string describe_bytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

std::string describe_microseconds(double us) {
  char text[32];
  std::snprintf(text, sizeof text, us < 100 ? "%.1f us" : "%.0f us", us);
  return text;
}

std::string describe_row(const char* label, const std::string& value) {
  char text[32];
  std::snprintf(text, sizeof text, "%-15s ", label);
  return text + value + "\n";
}

std::string describe_report(const nlohmann::json& json) {
  const Result<embed::Report> read = embed::report_from_json(json.dump());
  if (!read) return "the report cannot be read: " + read.error().message() + "\n";
  const embed::Report& report = *read;
  std::string text = describe_row("runtime", report.runtime);
  if (report.signature == "http") text += describe_row("called by", "HTTP requests");
  text += describe_row("image", describe_bytes(report.snapshot.image_bytes) + ", " +
                                    count(report.snapshot.mappings, "mapping") + ", " +
                                    count(report.snapshot.threads, "thread") + ", " +
                                    count(report.snapshot.descriptors, "descriptor"));
  text += describe_row("snapshot", describe_annotation(report.annotation));
  text += describe_training(report.training, json);
  text += describe_receipt(report.functions);
  text += describe_phases(report.phases_us);
  for (const std::string& warning : report.warnings) text += describe_row("warning", warning);
  return text;
}

}  // namespace fw::cli

#include "embed/report.h"

#include <nlohmann/json.hpp>

#include "embed/json_fields.h"

namespace fw::embed {

namespace {

constexpr auto kRequired = JsonFields::kRequired;
constexpr auto kOptional = JsonFields::kOptional;

// The object under `name`, which must be there.
Result<JsonFields> section(const JsonFields& fields, const char* name) {
  const auto found = fields.object().find(name);
  if (found == fields.object().end() || !found->is_object()) {
    return fail(Errc::kBadInput, std::string("the report has no \"") + name + "\" object");
  }
  return JsonFields(std::string("\"") + name + "\" of the report", *found);
}

Status read_strings(const JsonFields& fields, const char* name, std::vector<std::string>& into) {
  const auto found = fields.object().find(name);
  if (found == fields.object().end()) return {};
  if (!found->is_array()) return fail(Errc::kBadInput, std::string(name) + " must be an array");
  for (const nlohmann::json& item : *found) {
    if (!item.is_string()) {
      return fail(Errc::kBadInput, std::string(name) + " must hold strings only");
    }
    into.push_back(item.get<std::string>());
  }
  return {};
}

Status read_functions(const JsonFields& fields, std::vector<FunctionReport>& into) {
  const auto found = fields.object().find("functions");
  if (found == fields.object().end() || !found->is_array()) {
    return fail(Errc::kBadInput, "the report has no \"functions\" array");
  }
  for (const nlohmann::json& item : *found) {
    if (!item.is_object()) return fail(Errc::kBadInput, "a function's report is no object");
    const JsonFields one("a function's report", item);
    FunctionReport function;
    FW_TRY(one.read("name", kRequired, function.name));
    FW_TRY(one.read("file", kRequired, function.file));
    FW_TRY(one.read("line", kRequired, function.line));
    FW_TRY(one.read("tier", kRequired, function.tier));
    FW_TRY(one.read("optimised", kRequired, function.optimised));
    FW_TRY(one.read("annotated", kOptional, function.annotated));
    FW_TRY(one.read("reason", kOptional, function.reason));
    FW_TRY(read_strings(one, "signatures", function.signatures));
    FW_TRY(one.read("code_bytes", kOptional, function.code_bytes));
    FW_TRY(one.read("before_us", kOptional, function.before_us));
    FW_TRY(one.read("after_us", kOptional, function.after_us));
    FW_TRY(read_strings(one, "deoptimisations", function.deoptimisations));
    into.push_back(std::move(function));
  }
  return {};
}

Status read_phases(const JsonFields& fields, std::map<std::string, std::uint64_t>& into) {
  FW_TRY_ASSIGN(const JsonFields phases, section(fields, "phases_us"));
  for (const auto& [name, value] : phases.object().items()) {
    FW_TRY(phases.read(name.c_str(), kRequired, into[name]));
  }
  return {};
}

Status read_training(const JsonFields& fields, TrainingReport& into) {
  FW_TRY_ASSIGN(const JsonFields training, section(fields, "training"));
  FW_TRY(training.read("events", kRequired, into.events));
  FW_TRY(training.read("rounds", kRequired, into.rounds));
  FW_TRY(training.read("first_call_us", kRequired, into.first_call_us));
  FW_TRY(training.read("steady_call_us", kRequired, into.steady_call_us));
  FW_TRY_ASSIGN(const JsonFields probe, section(training, "probe"));
  FW_TRY(probe.read("event", kRequired, into.probe.event));
  FW_TRY(probe.read("result", kRequired, into.probe.result));
  FW_TRY(probe.read("stable", kRequired, into.probe.stable));
  return {};
}

Status read_snapshot(const JsonFields& fields, SnapshotReport& into) {
  FW_TRY_ASSIGN(const JsonFields snapshot, section(fields, "snapshot"));
  FW_TRY(snapshot.read("image_bytes", kRequired, into.image_bytes));
  FW_TRY(snapshot.read("captured_pages", kRequired, into.captured_pages));
  FW_TRY(snapshot.read("mappings", kRequired, into.mappings));
  FW_TRY(snapshot.read("threads", kRequired, into.threads));
  FW_TRY(snapshot.read("descriptors", kRequired, into.descriptors));
  return {};
}

}  // namespace

Result<Report> report_from_json(std::string_view text) {
  FW_TRY_ASSIGN(const JsonFields fields, JsonFields::parse("the report", text));
  Report report;
  FW_TRY(fields.read("runtime", kRequired, report.runtime));
  FW_TRY(fields.read("signature", kOptional, report.signature));
  FW_TRY_ASSIGN(const JsonFields annotation, section(fields, "annotation"));
  FW_TRY(annotation.read("kind", kRequired, report.annotation.kind));
  FW_TRY(annotation.read("file", kOptional, report.annotation.file));
  FW_TRY(annotation.read("line", kOptional, report.annotation.line));
  FW_TRY(read_functions(fields, report.functions));
  FW_TRY(read_training(fields, report.training));
  FW_TRY(read_strings(fields, "warnings", report.warnings));
  FW_TRY(read_phases(fields, report.phases_us));
  FW_TRY(read_snapshot(fields, report.snapshot));
  return report;
}

Result<ErrorReport> error_report_from_json(std::string_view text) {
  FW_TRY_ASSIGN(const JsonFields fields, JsonFields::parse("the error report", text));
  ErrorReport error;
  FW_TRY(fields.read("errorType", kRequired, error.error_type));
  FW_TRY(fields.read("errorMessage", kRequired, error.error_message));
  FW_TRY(read_strings(fields, "trace", error.trace));
  FW_TRY(read_strings(fields, "stackTrace", error.trace));  // as Python's errors have it
  FW_TRY(fields.read("file", kOptional, error.file));
  FW_TRY(fields.read("line", kOptional, error.line));
  FW_TRY(fields.read("column", kOptional, error.column));
  FW_TRY(fields.read("retry", kOptional, error.retry));
  return error;
}

std::string to_json_text(const ErrorReport& error) {
  nlohmann::json object = {{"errorType", error.error_type},
                           {"errorMessage", error.error_message},
                           {"trace", error.trace}};
  if (!error.file.empty()) {
    object["file"] = error.file;
    object["line"] = error.line;
    object["column"] = error.column;
  }
  if (error.retry) object["retry"] = true;
  // A message may quote bytes of the user's that are no UTF-8.
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace fw::embed

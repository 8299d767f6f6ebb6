#include "embed/job.h"

#include <limits>

#include "embed/json_fields.h"

namespace fw::embed {

nlohmann::json to_json(const Job& job) {
  return {{"function_name", job.function_name},
          {"function_version", job.function_version},
          {"entry", job.entry},
          {"handler", job.handler},
          {"signature", job.signature},
          {"image_path", job.image_path},
          {"training_events", job.training_events},
          {"environment", job.environment},
          {"auto_jit", job.auto_jit},
          {"jit_tolerance", job.jit_tolerance},
          {"memory_mb", job.memory_mb},
          {"timeout_ms", job.timeout_ms},
          {"hook_timeout_ms", job.hook_timeout_ms},
          {"training_timeout_ms", job.training_timeout_ms}};
}

namespace {

Status read_environment(const nlohmann::json& object, std::map<std::string, std::string>& into) {
  const auto field = object.find("environment");
  if (field == object.end()) return {};
  if (!field->is_object()) return fail(Errc::kBadInput, "\"environment\" must be an object");
  for (const auto& [name, value] : field->items()) {
    if (!value.is_string()) {
      return fail(Errc::kBadInput, "environment variable \"" + name + "\" must be a string");
    }
    if (name.empty() || name.find('=') != std::string::npos ||
        name.find('\0') != std::string::npos ||
        value.get_ref<const std::string&>().find('\0') != std::string::npos) {
      return fail(Errc::kBadInput, "\"" + name + "\" cannot be an environment variable");
    }
    into.emplace(name, value.get<std::string>());
  }
  return {};
}

}  // namespace

Result<Job> job_from_json(std::string_view text) {
  FW_TRY_ASSIGN(const JsonFields fields, JsonFields::parse("the job", text));
  Job job;
  FW_TRY(fields.read("function_name", JsonFields::kRequired, job.function_name));
  FW_TRY(fields.read("function_version", JsonFields::kOptional, job.function_version));
  FW_TRY(fields.read("entry", JsonFields::kRequired, job.entry));
  FW_TRY(fields.read("handler", JsonFields::kOptional, job.handler));
  FW_TRY(fields.read("signature", JsonFields::kOptional, job.signature));
  FW_TRY(fields.read("image_path", JsonFields::kRequired, job.image_path));
  FW_TRY(fields.read("training_events", JsonFields::kOptional, job.training_events));
  FW_TRY(fields.read("auto_jit", JsonFields::kOptional, job.auto_jit));
  FW_TRY(fields.read("jit_tolerance", JsonFields::kOptional, job.jit_tolerance));
  FW_TRY(fields.read("memory_mb", JsonFields::kOptional, job.memory_mb));
  FW_TRY(fields.read("timeout_ms", JsonFields::kOptional, job.timeout_ms));
  FW_TRY(fields.read("hook_timeout_ms", JsonFields::kOptional, job.hook_timeout_ms));
  FW_TRY(fields.read("training_timeout_ms", JsonFields::kOptional, job.training_timeout_ms));
  FW_TRY(read_environment(fields.object(), job.environment));

  if (!(job.jit_tolerance >= 0.0 && job.jit_tolerance < 1.0)) {
    return fail(Errc::kBadInput, "the tolerance of compiled floats must be at least 0 and below 1");
  }
  if (job.signature != "auto" && job.signature != "http" && job.signature != "event") {
    return fail(Errc::kBadInput,
                "the job's signature must be auto, http or event, not \"" + job.signature + "\"");
  }
  if (job.function_name.empty()) return fail(Errc::kBadInput, "the job names no function");
  if (!job.entry.starts_with('/')) {
    return fail(Errc::kBadInput, "the job's entry must be an absolute path: " + job.entry);
  }
  if (!job.image_path.starts_with('/')) {
    return fail(Errc::kBadInput, "the job's image path must be absolute: " + job.image_path);
  }
  // Timers of a host are 32-bit milliseconds: 24 days are plenty.
  constexpr std::uint64_t kLongest = std::numeric_limits<std::int32_t>::max();
  for (const std::uint64_t limit : {job.timeout_ms, job.hook_timeout_ms, job.training_timeout_ms}) {
    if (limit == 0 || limit > kLongest) {
      return fail(Errc::kBadInput, "time limits must be between 1 and " + std::to_string(kLongest) +
                                       " ms, not " + std::to_string(limit));
    }
  }
  return job;
}

}  // namespace fw::embed

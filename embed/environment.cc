#include "embed/environment.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace fw::embed {

namespace {

void keep(std::map<std::string, std::string>& variables, const char* name,
          const char* otherwise = nullptr) {
  const char* value = ::getenv(name);
  if (value == nullptr) value = otherwise;
  if (value != nullptr) variables[name] = value;
}

// "file.function", as Lambda names a handler. In Python a job may name it so already.
std::string lambda_handler(const Job& job) {
  const std::filesystem::path entry = job.entry;
  const std::string module = entry.stem().string() + ".";
  const std::string handler = job.handler.empty() ? "handler" : job.handler;
  const bool whole = entry.extension() == ".py" && handler.starts_with(module);
  return whole ? handler : module + handler;
}

}  // namespace

Status apply_environment(const Job& job) {
  std::map<std::string, std::string> variables;
  keep(variables, "PATH", "/usr/local/bin:/usr/bin:/bin");
  keep(variables, "HOME", "/");
  keep(variables, "LANG", "C.UTF-8");
  keep(variables, "TZ");
  keep(variables, "TMPDIR");
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::current_path(error);
  const std::filesystem::path entry = job.entry;
  variables["AWS_LAMBDA_FUNCTION_NAME"] = job.function_name;
  variables["AWS_LAMBDA_FUNCTION_VERSION"] = job.function_version;
  variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(job.memory_mb);
  variables["LAMBDA_TASK_ROOT"] = (error ? entry.parent_path() : folder).string();
  variables["_HANDLER"] = lambda_handler(job);
  for (const auto& [name, value] : job.environment) variables[name] = value;

  if (::clearenv() != 0) return fail_errno("clear the environment");
  for (const auto& [name, value] : variables) {
    if (::setenv(name.c_str(), value.c_str(), 1) != 0) return fail_errno("set " + name);
  }
  return {};
}

}  // namespace fw::embed

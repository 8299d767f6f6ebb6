#include "gateway/lambda/description.h"

#include <nlohmann/json.hpp>

#include "gateway/lambda/function_name.h"
#include "gateway/logs/iso_time.h"

namespace fw::gateway::lambda {

namespace {

using nlohmann::json;

// "Node.js 18.20.4" is "nodejs18.x" there, "Python 3.11.2" is "python3.11".
std::string runtime_of(const std::string& runtime) {
  const std::size_t blank = runtime.find(' ');
  const std::size_t first = blank == std::string::npos ? blank : runtime.find('.', blank);
  if (first == std::string::npos) return runtime;
  const std::string major = runtime.substr(blank + 1, first - blank - 1);
  if (runtime.starts_with("Node.js ")) return "nodejs" + major + ".x";
  if (!runtime.starts_with("Python ")) return runtime;
  return "python" + runtime.substr(blank + 1, runtime.find('.', first + 1) - blank - 1);
}

std::string last_modified(std::uint64_t ms) {
  std::string time = logs::iso_time(ms);
  time.pop_back();  // Z
  return time + "+0000";
}

}  // namespace

json configuration_of(const store::Manifest& manifest, bool with_environment) {
  json configuration{
      {"FunctionName", manifest.name},
      {"FunctionArn", arn_of({manifest.name, {}})},
      {"Runtime", runtime_of(manifest.runtime)},
      {"Role", "arn:aws:iam::000000000000:role/fwrun"},
      {"Handler", manifest.handler.empty() ? "handler" : manifest.handler},
      {"CodeSize", manifest.image_bytes},
      {"Description", ""},
      {"Timeout", (manifest.timeout_ms + 999) / 1000},
      {"MemorySize", manifest.memory_mb},
      {"LastModified", last_modified(manifest.installed_ms)},
      {"Version", std::to_string(manifest.version)},
      {"TracingConfig", {{"Mode", "PassThrough"}}},
      {"State", "Active"},
      {"LastUpdateStatus", "Successful"},
      {"PackageType", "Zip"},
      {"Architectures", json::array({"x86_64"})},
      {"SnapStart", {{"ApplyOn", "PublishedVersions"}, {"OptimizationStatus", "On"}}}};
  if (with_environment && !manifest.environment.empty()) {
    configuration["Environment"] = {{"Variables", manifest.environment}};
  }
  return configuration;
}

}  // namespace fw::gateway::lambda

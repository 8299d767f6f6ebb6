#include "store/manifest.h"

#include <nlohmann/json.hpp>

namespace fw::store {

nlohmann::json to_json(const Manifest& manifest) {
  return {{"format", kManifestFormat},
          {"name", manifest.name},
          {"version", manifest.version},
          {"runtime", manifest.runtime},
          {"entry", manifest.entry},
          {"handler", manifest.handler},
          {"environment", manifest.environment},
          {"memory_mb", manifest.memory_mb},
          {"timeout_ms", manifest.timeout_ms},
          {"installed_ms", manifest.installed_ms},
          {"image_bytes", manifest.image_bytes}};
}

Result<Manifest> manifest_from_json(std::string_view text) {
  // nlohmann reports wrong types by throwing; nothing of it leaves this function.
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    const int format = json.at("format").get<int>();
    if (format != kManifestFormat) {
      return fail(Errc::kRefused, "the manifest has format " + std::to_string(format) +
                                      ", this fwrun reads format " +
                                      std::to_string(kManifestFormat) +
                                      ": install the function again");
    }
    Manifest manifest;
    json.at("name").get_to(manifest.name);
    json.at("version").get_to(manifest.version);
    json.at("runtime").get_to(manifest.runtime);
    json.at("entry").get_to(manifest.entry);
    json.at("handler").get_to(manifest.handler);
    json.at("environment").get_to(manifest.environment);
    json.at("memory_mb").get_to(manifest.memory_mb);
    json.at("timeout_ms").get_to(manifest.timeout_ms);
    json.at("installed_ms").get_to(manifest.installed_ms);
    json.at("image_bytes").get_to(manifest.image_bytes);
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    return fail(Errc::kRefused, std::string("the manifest is damaged (") + error.what() +
                                    "): install the function again");
  }
}

}  // namespace fw::store

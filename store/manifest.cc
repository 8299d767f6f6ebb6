#include "store/manifest.h"

#include <nlohmann/json.hpp>

namespace fw::store {

namespace {

// Where the receipt begins in what to_text() makes, and only there: within JSON text
// a line can only end between values, and only members of the outermost object are
// indented by two.
constexpr std::string_view kReceipt = ",\n  \"jit\": ";
constexpr std::string_view kEnd = "\n}\n";

nlohmann::json without_receipt(const Manifest& manifest) {
  return {{"format", kManifestFormat},
          {"name", manifest.name},
          {"version", manifest.version},
          {"runtime", manifest.runtime},
          {"entry", manifest.entry},
          {"handler", manifest.handler},
          {"signature", manifest.signature},
          {"environment", manifest.environment},
          {"memory_mb", manifest.memory_mb},
          {"timeout_ms", manifest.timeout_ms},
          {"installed_ms", manifest.installed_ms},
          {"image_bytes", manifest.image_bytes}};
}

Result<Manifest> read_manifest(std::string_view text) {
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
    manifest.signature = json.value("signature", manifest.signature);
    json.at("environment").get_to(manifest.environment);
    json.at("memory_mb").get_to(manifest.memory_mb);
    json.at("timeout_ms").get_to(manifest.timeout_ms);
    json.at("installed_ms").get_to(manifest.installed_ms);
    json.at("image_bytes").get_to(manifest.image_bytes);
    const auto jit = json.find("jit");
    if (jit != json.end()) manifest.jit = jit->dump();
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    return fail(Errc::kRefused, std::string("the manifest is damaged (") + error.what() +
                                    "): install the function again");
  }
}

}  // namespace

nlohmann::json to_json(const Manifest& manifest) {
  nlohmann::json json = without_receipt(manifest);
  nlohmann::json receipt = nlohmann::json::parse(manifest.jit, nullptr, false);
  if (!receipt.is_discarded()) json["jit"] = std::move(receipt);
  return json;
}

std::string to_text(const Manifest& manifest) {
  std::string text = without_receipt(manifest).dump(2);
  const nlohmann::json receipt = nlohmann::json::parse(manifest.jit, nullptr, false);
  if (!receipt.is_array()) return text + "\n";
  text.resize(text.rfind('\n'));
  text += kReceipt;
  std::string_view separator = "[\n    ";
  for (const nlohmann::json& function : receipt) {
    text.append(separator).append(function.dump());
    separator = ",\n    ";
  }
  text += receipt.empty() ? "[]" : "\n  ]";
  return text.append(kEnd);
}

Result<Manifest> manifest_from_json(std::string_view text) {
  const std::size_t receipt = text.find(kReceipt);
  if (receipt == std::string_view::npos || !text.ends_with(kEnd)) return read_manifest(text);
  FW_TRY_ASSIGN(Manifest manifest, read_manifest(std::string(text.substr(0, receipt)) + "\n}"));
  const std::size_t begin = receipt + kReceipt.size();
  manifest.jit = text.substr(begin, text.size() - kEnd.size() - begin);
  return manifest;
}

}  // namespace fw::store

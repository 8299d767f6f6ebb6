#include "store/manifest.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace fw::store;

namespace {

Manifest example() {
  Manifest manifest;
  manifest.name = "hello";
  manifest.version = 7;
  manifest.runtime = "nodejs18";
  manifest.entry = "/x/handler.js";
  manifest.handler = "api.run";
  manifest.signature = "http";
  manifest.environment = {{"A", "1"}, {"B", "x=y"}};
  manifest.memory_mb = 256;
  manifest.timeout_ms = 1500;
  manifest.installed_ms = 1'700'000'000'123;
  manifest.image_bytes = 13'000'000;
  return manifest;
}

// Functions whose texts try to look like the manifest around them.
const nlohmann::json kReceipt = {
    {{"name", "run"}, {"tier", "turbofan"}, {"optimised", true}},
    {{"name", ",\n  \"jit\": []\n}\n"}, {"tier", "\"}],"}, {"optimised", false}},
    {{"name", "\xE2\x80\xA8"}, {"tier", ""}, {"optimised", false}}};

}  // namespace

TEST_CASE("A manifest survives being written and read") {
  const Manifest manifest = example();
  const fw::Result<Manifest> read = manifest_from_json(to_json(manifest).dump());
  REQUIRE(read);
  CHECK(to_json(*read) == to_json(manifest));
  CHECK(read->environment == manifest.environment);
  CHECK(read->version == 7);
  CHECK(read->signature == "http");
}

TEST_CASE("A function of an older fwrun takes events") {
  nlohmann::json json = to_json(example());
  json.erase("signature");
  const fw::Result<Manifest> read = manifest_from_json(json.dump());
  REQUIRE(read);
  CHECK(read->signature == "event");
}

TEST_CASE("A damaged manifest is refused") {
  for (const char* text : {"", "{", "[]", "{}", "{\"format\":\"1\"}"}) {
    CAPTURE(text);
    const fw::Result<Manifest> read = manifest_from_json(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code() == fw::Errc::kRefused);
    CHECK(read.error().message().find("damaged") != std::string::npos);
  }
}

TEST_CASE("A manifest of another format is refused, naming both") {
  nlohmann::json json = to_json(Manifest{});
  json["format"] = 99;
  const fw::Result<Manifest> read = manifest_from_json(json.dump());
  REQUIRE_FALSE(read);
  CHECK(read.error().code() == fw::Errc::kRefused);
  CHECK(read.error().message().find("format 99, this fwrun reads format 1") != std::string::npos);
}

TEST_CASE("A receipt survives being written and read, whatever its texts are") {
  Manifest manifest = example();
  for (const nlohmann::json& receipt : {nlohmann::json::array(), kReceipt}) {
    manifest.jit = receipt.dump();
    // As written, and in any other layout.
    for (const std::string& text :
         {to_text(manifest), to_json(manifest).dump(), to_json(manifest).dump(4)}) {
      CAPTURE(text);
      REQUIRE(nlohmann::json::accept(text));
      const fw::Result<Manifest> read = manifest_from_json(text);
      REQUIRE(read);
      CHECK(nlohmann::json::parse(read->jit) == receipt);
      CHECK(to_json(*read) == to_json(manifest));
      CHECK(read->image_bytes == manifest.image_bytes);
    }
  }
}

TEST_CASE("Texts of a manifest that look like a receipt are not taken for one") {
  Manifest manifest = example();
  manifest.entry = ",\n  \"jit\": [1]\n}\n";
  manifest.environment = {{"A", ",\n  \"jit\": "}};
  manifest.jit = kReceipt.dump();
  const fw::Result<Manifest> read = manifest_from_json(to_text(manifest));
  REQUIRE(read);
  CHECK(to_json(*read) == to_json(manifest));
}

TEST_CASE("A manifest without a receipt, as an older fwrun wrote it, is read") {
  const Manifest manifest = example();
  const std::string text = to_json(manifest).dump(2) + "\n";
  CHECK(text.find("jit") == std::string::npos);
  CHECK(to_text(manifest) == text);
  const fw::Result<Manifest> read = manifest_from_json(text);
  REQUIRE(read);
  CHECK(read->jit.empty());
  CHECK(read->image_bytes == manifest.image_bytes);
}

TEST_CASE("A receipt that is damaged does not keep a function from being invoked") {
  Manifest manifest = example();
  manifest.jit = kReceipt.dump();
  std::string text = to_text(manifest);
  text.insert(text.find("turbofan"), "\"");
  const fw::Result<Manifest> read = manifest_from_json(text);
  REQUIRE(read);
  CHECK_FALSE(to_json(*read).contains("jit"));
  CHECK_FALSE(manifest_from_json(text.substr(0, text.size() - 1)));  // cut off: damaged
}

#include "store/manifest.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace fw::store;

TEST_CASE("A manifest survives being written and read") {
  Manifest manifest;
  manifest.name = "hello";
  manifest.version = 7;
  manifest.runtime = "nodejs18";
  manifest.entry = "/x/handler.js";
  manifest.handler = "api.run";
  manifest.environment = {{"A", "1"}, {"B", "x=y"}};
  manifest.memory_mb = 256;
  manifest.timeout_ms = 1500;
  manifest.installed_ms = 1'700'000'000'123;
  manifest.image_bytes = 13'000'000;
  const fw::Result<Manifest> read = manifest_from_json(to_json(manifest).dump());
  REQUIRE(read);
  CHECK(to_json(*read) == to_json(manifest));
  CHECK(read->environment == manifest.environment);
  CHECK(read->version == 7);
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

// What the tests of the store share: versions with recognisable contents, made
// without an engine, and a check that a function is whole.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "store/catalog.h"
#include "store/home.h"
#include "store/publish.h"
#include "store/staging.h"
#include "tests/store/temp_folder.h"

namespace fw::testing {

inline store::Home make_home(const std::filesystem::path& root) {
  store::Home home(root);
  REQUIRE(home.create());
  return home;
}

// The files of a version; the image is text that tells version and mark.
inline void fill_version(const store::Staging& staging, const std::string& mark) {
  store::Manifest manifest;
  manifest.name = staging.name();
  manifest.version = staging.version();
  manifest.runtime = "test";
  manifest.entry = "/" + mark;
  write_text(staging.version_folder() / store::kManifestFile, to_json(manifest).dump());
  write_text(staging.version_folder() / store::kReportFile, "{}");
  write_text(staging.version_folder() / store::kImageFile,
             std::to_string(staging.version()) + " " + mark);
}

inline Status install_text(const store::Home& home, const std::string& name,
                           const std::string& mark) {
  FW_TRY_ASSIGN(const store::Staging staging, store::Staging::begin(home, name, nullptr));
  fill_version(staging, mark);
  return store::publish(home, staging);
}

// The mark of the version that serves now, having checked that its files are of
// one version; empty when the function does not exist.
inline std::string current_mark(const store::Home& home, const std::string& name) {
  const Result<store::InstalledVersion> version = store::open_current(home, name);
  if (!version) {
    CHECK_MESSAGE(version.error().code() == Errc::kNotFound, version.error().message());
    return {};
  }
  const std::string image = read_text("/proc/self/fd/" + std::to_string(version->image.get()));
  const std::size_t blank = image.find(' ');
  CHECK(image.substr(0, blank) == std::to_string(version->manifest.version));
  CHECK("/" + image.substr(blank + 1) == version->manifest.entry);
  return image.substr(blank + 1);
}

// Every path below the store, relative to it, sorted.
std::string tree_of(const store::Home& home);

}  // namespace fw::testing

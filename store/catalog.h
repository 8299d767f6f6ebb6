// Reading the store: which functions there are, and the version of one that
// serves now. Takes no lock and writes nothing: installs and removals that run
// meanwhile are seen entirely or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "store/home.h"
#include "store/manifest.h"

namespace fw::store {

// A version and its image, opened together. It stays usable while the function
// is replaced or removed.
struct InstalledVersion {
  Manifest manifest;
  UniqueFd image;
  UniqueFd pack;  // not valid when there is none
};

// The error kNotFound for a name, suggesting the nearest one there is.
Error unknown_function(const Home& home, const std::string& name);

// kNotFound when there is no such function, naming the nearest one there is;
// kRefused when its files are damaged.
Result<InstalledVersion> open_current(const Home& home, const std::string& name);

// report.json of the version that serves now: JSON text.
Result<std::string> read_report(const Home& home, const std::string& name);

struct ListedFunction {
  std::string name;
  std::optional<Manifest> manifest;
  std::string problem;  // why there is no manifest
};

// In order of name. None when the store does not exist.
Result<std::vector<ListedFunction>> list_functions(const Home& home);

// Numbers of the versions that are kept, ascending; empty for an unknown function.
Result<std::vector<std::uint64_t>> list_versions(const Home& home, const std::string& name);

// The version that `current` points at; nullopt when the function is unknown.
Result<std::optional<std::uint64_t>> current_version(const Home& home, const std::string& name);

}  // namespace fw::store

// LoadedVersion: an installed version, opened once and for all that is started from it.
// It stays usable while the function is replaced or removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/catalog.h"
#include "store/home.h"

namespace fw::pool {

struct LoadedVersion {
  store::Manifest manifest;
  UniqueFd image;
  UniqueFd pack;
  UniqueFd null;          // /dev/null, the standard input of all clones
  int first_free_fd = 3;  // the lowest number that no descriptor of the image has
  std::filesystem::path restorer;

  // Errors as of store::open_current(). `use_cache`: from a copy on huge pages, if there
  // is room for one.
  static Result<std::shared_ptr<const LoadedVersion>> open(const store::Home& home,
                                                           const std::string& function,
                                                           const std::filesystem::path& restorer,
                                                           bool use_cache);
};

// The number of the version that serves now, looked up by one system call on the path of
// a function's `current` link; 0 when there is none.
std::uint64_t current_number(const std::string& link);

}  // namespace fw::pool

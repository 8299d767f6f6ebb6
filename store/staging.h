// Staging: the folder in which one install of a function builds its version.
//
// Holding it means holding the lock on the function's installation: there is at
// most one at a time for a function, so the number of the version that it will
// publish is known from the start. The destructor deletes the folder; when the
// process is killed, the lock goes with it and sweep() deletes the folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "store/folder_lock.h"
#include "store/home.h"

namespace fw::store {

class Staging {
 public:
  // Waits while another process installs the same function, having called
  // `waiting` once. The store's folders must exist.
  static Result<Staging> begin(const Home& home, const std::string& name,
                               const std::function<void()>& waiting);

  Staging(Staging&& other) noexcept;
  Staging& operator=(Staging&&) = delete;
  ~Staging();

  const std::string& name() const { return name_; }
  std::uint64_t version() const { return version_; }
  const std::filesystem::path& folder() const { return folder_; }
  // Empty at first: what publish() will make the new version.
  std::filesystem::path version_folder() const { return folder_ / "version"; }

 private:
  Staging(std::string name, std::filesystem::path folder, FolderLock lock)
      : name_(std::move(name)), folder_(std::move(folder)), lock_(std::move(lock)) {}
  Status prepare(const Home& home);

  std::string name_;
  std::filesystem::path folder_;  // empty when moved from
  std::uint64_t version_ = 0;
  FolderLock lock_;
};

}  // namespace fw::store

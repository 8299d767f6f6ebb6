// Home: where the store lies and what its folders are called. A value; touches
// the disk only in create().
//
//   functions/NAME/current       symbolic link to versions/N, replaced by rename
//   functions/NAME/versions/N/   manifest.json, report.json, image, pack: never
//                                changed
//   packs/                       files that images map (snapshot/cache/pack.h)
//   staging/NAME/                the install of NAME that is in progress, locked
//   staging/trash.XXXX/          what a command is deleting
//
// Everything that a killed command can leave behind lies in staging/, or is
// found from there (sweep.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace fw::store {

class Home {
 public:
  explicit Home(std::filesystem::path root) : root_(std::move(root)) {}

  // $FWRUN_HOME; else /var/lib/fwrun for root; else $XDG_DATA_HOME/fwrun, else
  // ~/.local/share/fwrun. kBadInput when none of these can be known.
  static Result<Home> from_environment();

  // Makes the folders that are missing, readable by their owner alone: an image
  // holds whatever the function had in memory, secrets included.
  Status create() const;

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path functions() const { return root_ / "functions"; }
  std::filesystem::path packs() const { return root_ / "packs"; }
  std::filesystem::path staging() const { return root_ / "staging"; }
  std::filesystem::path function(const std::string& name) const { return functions() / name; }
  std::filesystem::path versions(const std::string& name) const {
    return function(name) / "versions";
  }
  std::filesystem::path current(const std::string& name) const {
    return function(name) / "current";
  }

 private:
  std::filesystem::path root_;
};

// Names of the files in a version's folder.
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kReportFile = "report.json";
inline constexpr const char* kImageFile = "image";
inline constexpr const char* kDaemonSocket = "daemon.sock";  // in the root: of a daemon that runs
inline constexpr const char* kPackFile = "pack";  // a hard link into packs/; may be missing

}  // namespace fw::store

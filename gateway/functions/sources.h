// Sources that were uploaded. Functions run where their code lies, and load what they load
// later from there; so an upload is kept for as long as a version needs it:
//
//   $FWRUN_HOME/sources/NAME/XXXXXX/handler.js      or handler.py
//
// Which folder belongs to a version is in its manifest (`entry`). Folders that no version
// needs are deleted at the next change of the function, and by sweep() when a daemon
// starts.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "store/home.h"

namespace fw::gateway::functions {

class Sources {
 public:
  explicit Sources(store::Home home) : home_(std::move(home)) {}

  // A new folder with the file: its path.
  Result<std::filesystem::path> keep(const std::string& name, const std::string& file_name,
                                     const std::string& text) const;

  // Deletes what no version of the function needs. Not while one is installed.
  void prune(const std::string& name) const;

  // prune() for every function, also for those that are gone.
  void sweep() const;

 private:
  std::filesystem::path root() const { return home_.root() / "sources"; }

  store::Home home_;
};

}  // namespace fw::gateway::functions

// Sweeping: deletes what killed commands left behind. Every command that writes
// to the store, or reads it off the path of an answer, calls sweep().
//
// All litter lies in staging/ or is reached from it: a dead install's folder
// there says that its function may have a version too many, because an install
// publishes before it deletes its folder.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "store/home.h"

namespace fw::store {

// Leaves live installs alone. Nothing to do costs one readdir.
Status sweep(const Home& home);

// Deletes the folder of a dead install, for whoever holds its lock or the one on
// staging/.
Status sweep_install(const Home& home, const std::string& name);

// Moves all versions of a function but the current and the one before it into
// `trash`. The caller holds the lock on functions/.
Status prune_versions(const Home& home, const std::string& name,
                      const std::filesystem::path& trash);

}  // namespace fw::store

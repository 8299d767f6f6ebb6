// The programs that fwrun starts: beside its own executable, or in
// ../libexec/fwrun from there.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace fw::store {

inline constexpr std::string_view kV8Host = "fwrun-v8host";
inline constexpr std::string_view kPythonHost = "fwrun-pyhost";
inline constexpr std::string_view kDaemon = "fwrun-daemon";
inline constexpr std::string_view kRestorer = "fwrun-restore";

// kInternal naming the folders that were searched.
Result<std::filesystem::path> find_executable(std::string_view name);

}  // namespace fw::store

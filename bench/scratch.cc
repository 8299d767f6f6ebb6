#include "bench/scratch.h"

#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace fw::bench {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "fwrun-bench-run-";

void delete_folders_of_the_dead(const fs::path& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    const Result<std::optional<store::FolderLock>> lock = store::FolderLock::try_now(entry.path());
    if (lock && lock->has_value()) fs::remove_all(entry.path(), error);
  }
}

}  // namespace

Result<Scratch> Scratch::create(const fs::path& parent) {
  delete_folders_of_the_dead(parent);
  std::string name = (parent / (std::string(kPrefix) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    return fail_errno("make a folder in " + parent.string() + " (--folder names another)");
  }
  FW_TRY_ASSIGN(store::FolderLock lock, store::FolderLock::wait(name));
  return Scratch(std::move(name), std::move(lock));
}

Scratch::Scratch(Scratch&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())), lock_(std::move(other.lock_)) {}

Scratch::~Scratch() {
  if (path_.empty()) return;
  std::error_code error;
  fs::remove_all(path_, error);
}

}  // namespace fw::bench

#include "store/sweep.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <vector>

#include "snapshot/cache/pack.h"
#include "store/catalog.h"
#include "store/folder_lock.h"
#include "store/name.h"
#include "store/tree.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

Status sweep_entry(const Home& home, const std::string& entry) {
  const fs::path path = home.staging() / entry;
  // Ours are named like functions; all else is trash that nobody needs.
  if (!valid_name(entry)) return remove_tree(path);
  Result<std::optional<FolderLock>> lock = FolderLock::try_now(path);
  if (!lock && lock.error().sys_errno() == ENOENT) return {};  // just ended
  if (!lock) return fail(std::move(lock).error());
  return *lock ? sweep_install(home, entry) : Status();
}

}  // namespace

Status prune_versions(const Home& home, const std::string& name, const fs::path& trash) {
  FW_TRY_ASSIGN(const std::optional<std::uint64_t> current, current_version(home, name));
  if (!current) return {};  // removed
  FW_TRY_ASSIGN(const std::vector<std::uint64_t> versions, list_versions(home, name));
  std::uint64_t previous = 0;
  for (const std::uint64_t version : versions) {
    if (version < *current) previous = std::max(previous, version);
  }
  for (const std::uint64_t version : versions) {
    if (version == *current || version == previous) continue;
    const fs::path from = home.versions(name) / std::to_string(version);
    const fs::path to = trash / ("old-" + std::to_string(version));
    if (std::rename(from.c_str(), to.c_str()) != 0) return fail_errno("move " + from.string());
  }
  return {};
}

Status sweep_install(const Home& home, const std::string& name) {
  const fs::path folder = home.staging() / name;
  {
    FW_TRY_ASSIGN(const FolderLock publishing, FolderLock::wait(home.functions()));
    FW_TRY(prune_versions(home, name, folder));
  }
  return remove_tree(folder);
}

Status sweep(const Home& home) {
  cache::drop_unused_packs(home.packs());
  std::error_code error;
  const bool clean = fs::is_empty(home.staging(), error);
  if (error && error.value() != ENOENT) {
    return fail(Error::from_errno("list " + home.staging().string(), error.value()));
  }
  if (error || clean) return {};

  FW_TRY_ASSIGN(const FolderLock all, FolderLock::wait(home.staging()));
  std::vector<std::string> entries;
  for (fs::directory_iterator it(home.staging(), error), end; !error && it != end;
       it.increment(error)) {
    entries.push_back(it->path().filename().string());
  }
  Status swept;
  for (const std::string& entry : entries) {
    if (Status status = sweep_entry(home, entry); !status) swept = std::move(status);
  }
  return swept;
}

}  // namespace fw::store

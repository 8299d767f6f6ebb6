#include "gateway/functions/sources.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <set>
#include <vector>

#include "base/files.h"
#include "store/catalog.h"
#include "store/manifest.h"
#include "store/tree.h"

namespace fw::gateway::functions {

namespace fs = std::filesystem;

namespace {

Status make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail_errno("create " + path.string());
  }
  return {};
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  return entries;
}

// Folders of the files that versions begin in. An error when one cannot be read: then
// nothing may be deleted.
Result<std::set<fs::path>> folders_needed(const store::Home& home, const std::string& name) {
  std::set<fs::path> needed;
  FW_TRY_ASSIGN(const std::vector<std::uint64_t> versions, store::list_versions(home, name));
  for (const std::uint64_t version : versions) {
    const fs::path file = home.versions(name) / std::to_string(version) / store::kManifestFile;
    FW_TRY_ASSIGN(const std::string text, read_file(file));
    FW_TRY_ASSIGN(const store::Manifest manifest, store::manifest_from_json(text));
    needed.insert(fs::path(manifest.entry).parent_path());
  }
  return needed;
}

}  // namespace

Result<fs::path> Sources::keep(const std::string& name, const std::string& file_name,
                               const std::string& text) const {
  FW_TRY(make_folder(root()));
  FW_TRY(make_folder(root() / name));
  std::string folder = root() / name / "XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return fail_errno("create " + folder);
  const fs::path file = fs::path(folder) / file_name;
  if (Status written = write_file_atomically(file, text, 0600); !written) {
    (void)store::remove_tree(folder);
    return fail(std::move(written).error());
  }
  return file;
}

void Sources::prune(const std::string& name) const {
  const Result<std::set<fs::path>> needed = folders_needed(home_, name);
  if (!needed) return;
  std::error_code ignored;
  for (const fs::path& folder : entries_of(root() / name)) {
    // Entries are told with links resolved.
    if (needed->count(fs::canonical(folder, ignored)) == 0) (void)store::remove_tree(folder);
  }
  fs::remove(root() / name, ignored);  // if it is empty
}

void Sources::sweep() const {
  for (const fs::path& folder : entries_of(root())) prune(folder.filename());
}

}  // namespace fw::gateway::functions

#include "store/install/entry.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "base/files.h"
#include "store/json_text.h"
#include "store/name.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 3> kExtensions{".js", ".mjs", ".cjs"};

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

Status check_exports(std::string_view exports, std::string_view handler) {
  bool empty = exports.empty() || exports.front() == '.' || exports.back() == '.';
  empty = empty || exports.find("..") != std::string_view::npos;
  if (!empty) return {};
  return bad("--handler " + std::string(handler) +
             ": an export's name is missing; give EXPORT or EXPORT.NESTED for a file, "
             "FILE.EXPORT for a folder");
}

// Regular, JavaScript by its name, and ours to read.
Status check_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return bad(file.string() + ": no such file or folder");
  if (!fs::is_regular_file(status)) return bad(file.string() + ": neither a file nor a folder");
  bool known = false;
  for (const char* extension : kExtensions) known = known || file.extension() == extension;
  if (!known) return bad(file.string() + ": not JavaScript: expected .js, .mjs or .cjs");
  if (Result<UniqueFd> fd = open_file(file, O_RDONLY); !fd) {
    return bad(fd.error().message() + ": the file must be readable");
  }
  return {};
}

// The file itself, or with an extension added, or index.* in the folder of that name.
std::optional<fs::path> resolve(const fs::path& base) {
  if (is_file(base)) return base;
  for (const char* extension : kExtensions) {
    fs::path file = base;
    if (is_file(file += extension)) return file;
  }
  for (const char* extension : kExtensions) {
    fs::path file = base / "index";
    if (is_file(file += extension)) return file;
  }
  return std::nullopt;
}

// package.json's "main"; nullopt when there is no such file or it names none.
Result<std::optional<fs::path>> main_of_package(const fs::path& folder) {
  const fs::path file = folder / "package.json";
  if (!is_file(file)) return std::optional<fs::path>();
  FW_TRY_ASSIGN(const std::string text, read_file(file));
  FW_TRY_ASSIGN(const JsonShape shape, check_json(text, file.string()));
  if (shape.kind != JsonKind::kObject) return bad(file.string() + ": not a JSON object");
  const nlohmann::json package = nlohmann::json::parse(text, nullptr, false);
  const auto main = package.find("main");
  if (main == package.end()) return std::optional<fs::path>();
  if (!main->is_string()) return bad(file.string() + ": \"main\" is not a string");
  const std::string named = main->get<std::string>();
  std::optional<fs::path> resolved = resolve((folder / named).lexically_normal());
  if (!resolved) return bad(file.string() + ": \"main\" names " + named + ", which does not exist");
  return resolved;
}

Result<fs::path> file_by_convention(const fs::path& folder) {
  FW_TRY_ASSIGN(const std::optional<fs::path> main, main_of_package(folder));
  if (main) return *main;
  for (const char* stem : {"index", "handler"}) {
    for (const char* extension : kExtensions) {
      fs::path file = folder / stem;
      if (is_file(file += extension)) return file;
    }
  }
  return bad(folder.string() +
             ": holds no function: expected \"main\" in package.json, index.js or handler.js "
             "(or .mjs, .cjs); say which file by --handler FILE.EXPORT");
}

// "src/app.api.run" is export api.run of src/app.*: as Lambda reads it, the name
// of the file ends at the first dot of the last path component.
Result<Entry> entry_by_handler(const fs::path& folder, std::string_view handler) {
  const std::size_t slash = handler.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t dot = handler.find('.', base);
  if (dot == std::string_view::npos || dot == base) {
    return bad("--handler " + std::string(handler) + ": for a folder, give FILE.EXPORT, such as " +
               "index.handler");
  }
  const std::string_view exports = handler.substr(dot + 1);
  FW_TRY(check_exports(exports, handler));
  const fs::path named = (folder / handler.substr(0, dot)).lexically_normal();
  for (const char* extension : kExtensions) {
    fs::path file = named;
    if (is_file(file += extension)) return Entry{file, folder, std::string(exports), {}};
  }
  return bad("--handler " + std::string(handler) + ": no file " + named.string() +
             ".js (nor .mjs, .cjs)");
}

}  // namespace

Result<Entry> find_entry(const fs::path& source, std::string_view handler) {
  std::error_code error;
  const fs::path given = fs::absolute(source, error);
  if (error) return fail(Error::from_errno(source.string(), error.value()));
  const fs::path real = fs::canonical(given, error);
  if (error) return bad(Error::from_errno(given.string(), error.value()).message());

  Entry entry;
  const bool is_folder = fs::is_directory(real, error);
  if (!is_folder) {
    if (!handler.empty()) FW_TRY(check_exports(handler, handler));
    entry = {real, real.parent_path(), std::string(handler), {}};
  } else if (!handler.empty()) {
    FW_TRY_ASSIGN(entry, entry_by_handler(real, handler));
  } else {
    FW_TRY_ASSIGN(entry.file, file_by_convention(real));
    entry.folder = real;
  }
  FW_TRY(check_file(entry.file));
  entry.default_name = default_name(given, is_folder);
  return entry;
}

}  // namespace fw::store

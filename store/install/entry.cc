#include "store/install/entry.h"

#include <fcntl.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "base/files.h"
#include "store/install/entry_in_folder.h"
#include "store/name.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

tl::unexpected<Error> bad_handler(std::string_view handler, const std::string& why) {
  return bad("--handler " + std::string(handler) + ": " + why);
}

Status check_exports(std::string_view exports, std::string_view handler) {
  bool empty = exports.empty() || exports.front() == '.' || exports.back() == '.';
  empty = empty || exports.find("..") != std::string_view::npos;
  if (!empty) return {};
  return bad_handler(handler,
                     "an export's name is missing; give EXPORT or EXPORT.NESTED for a file, "
                     "FILE.EXPORT for a folder");
}

// Regular, of a known language by its name, and ours to read.
Result<Language> check_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) return bad(file.string() + ": no such file or folder");
  if (!fs::is_regular_file(status)) return bad(file.string() + ": neither a file nor a folder");
  const std::optional<Language> language = language_of(file);
  if (!language) {
    return bad(file.string() + ": neither JavaScript nor Python: expected .js, .mjs, .cjs or .py");
  }
  if (Result<UniqueFd> fd = open_file(file, O_RDONLY); !fd) {
    return bad(fd.error().message() + ": the file must be readable");
  }
  return *language;
}

// How a handler names the file: relative to the folder, without its extension.
std::string stem_in(const fs::path& folder, const fs::path& file) {
  return file.lexically_relative(folder).replace_extension().string();
}

// One folder, a file of each language.
tl::unexpected<Error> ambiguous(const fs::path& folder, const fs::path& javascript,
                                const fs::path& python) {
  const std::string one = stem_in(folder, javascript);
  const std::string other = stem_in(folder, python);
  const std::string both = folder.string() + ": both " +
                           javascript.lexically_relative(folder).string() + " and " +
                           python.lexically_relative(folder).string() + " could be the function; ";
  if (one == other) return bad(both + "install the file itself: --install " + python.string());
  return bad(both + "say which by --handler FILE.EXPORT: --handler " + one +
             ".EXPORT or --handler " + other + ".FUNCTION");
}

Result<fs::path> file_by_convention(const fs::path& folder) {
  std::optional<fs::path> python = python_by_convention(folder);
  Result<std::optional<fs::path>> javascript = javascript_by_convention(folder);
  if (!javascript) {
    // The package.json of a Python project serves its tools: what "main" says there
    // is `npm init`'s invention.
    if (python && !conventional_javascript(folder)) return *python;
    return fail(std::move(javascript).error());
  }
  if (*javascript && python) return ambiguous(folder, **javascript, *python);
  if (*javascript) return **javascript;
  if (python) return *python;
  return bad(folder.string() +
             ": holds no function: expected \"main\" in package.json, index.js or handler.js "
             "(or .mjs, .cjs), or handler.py, lambda_function.py, main.py, app.py or "
             "__main__.py; say which file by --handler FILE.EXPORT");
}

Result<Found> file_by_handler(const fs::path& folder, std::string_view handler) {
  const std::size_t slash = handler.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t dot = handler.find('.', base);
  if (dot == std::string_view::npos || dot == base) {
    return bad_handler(handler, "for a folder, give FILE.EXPORT, such as index.handler");
  }
  FW_TRY(check_exports(handler.substr(dot + 1), handler));
  std::optional<Found> javascript = javascript_by_handler(folder, handler);
  std::optional<Found> python = python_by_handler(folder, handler);
  if (javascript && python) {
    return bad_handler(handler,
                       "both " + javascript->file.string() + " and " + python->file.string() +
                           " match; install the file itself: --install " + python->file.string());
  }
  if (javascript) return std::move(*javascript);
  if (python) return std::move(*python);
  const fs::path named = (folder / handler.substr(0, dot)).lexically_normal();
  return bad_handler(handler, "no file " + named.string() + ".js (nor .mjs, .cjs, .py)");
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
  entry.folder = is_folder ? real : real.parent_path();
  entry.file = real;
  entry.handler = handler;
  if (!is_folder) {
    if (!handler.empty()) FW_TRY(check_exports(handler, handler));
  } else if (handler.empty()) {
    FW_TRY_ASSIGN(entry.file, file_by_convention(real));
  } else {
    FW_TRY_ASSIGN(Found found, file_by_handler(real, handler));
    entry.file = std::move(found.file);
    entry.handler = std::move(found.handler);
  }
  FW_TRY_ASSIGN(entry.language, check_file(entry.file));
  entry.default_name = default_name(given, is_folder);
  return entry;
}

}  // namespace fw::store

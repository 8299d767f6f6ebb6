#include "store/install/entry_in_folder.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/files.h"
#include "store/install/language.h"
#include "store/json_text.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// `stem` with one of the language's extensions.
std::optional<fs::path> with_extension(const fs::path& stem, Language language) {
  for (const std::string_view extension : extensions_of(language)) {
    fs::path file = stem;
    if (is_file(file += extension)) return file;
  }
  return std::nullopt;
}

// As Node resolves `main`: the file itself, or with an extension added, or index.*
// in the folder of that name.
std::optional<fs::path> resolve(const fs::path& base) {
  if (is_file(base)) return base;
  if (std::optional<fs::path> file = with_extension(base, Language::kJavaScript)) return file;
  return with_extension(base / "index", Language::kJavaScript);
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

// Where the last path component of a handler begins.
std::size_t last_component(std::string_view handler) {
  const std::size_t slash = handler.rfind('/');
  return slash == std::string_view::npos ? 0 : slash + 1;
}

}  // namespace

std::optional<Found> javascript_by_handler(const fs::path& folder, std::string_view handler) {
  const std::size_t dot = handler.find('.', last_component(handler));
  if (dot == std::string_view::npos) return std::nullopt;
  const fs::path stem = (folder / handler.substr(0, dot)).lexically_normal();
  std::optional<fs::path> file = with_extension(stem, Language::kJavaScript);
  if (!file) return std::nullopt;
  return Found{std::move(*file), std::string(handler.substr(dot + 1))};
}

std::optional<Found> python_by_handler(const fs::path& folder, std::string_view handler) {
  const std::size_t begin = last_component(handler);
  const fs::path parent = folder / handler.substr(0, begin);
  for (std::size_t dot = handler.rfind('.'); dot != std::string_view::npos && dot > begin;
       dot = handler.rfind('.', dot - 1)) {
    std::string names(handler.substr(begin, dot - begin));
    for (char& c : names) c = c == '.' ? '/' : c;
    const fs::path stem = (parent / names).lexically_normal();
    std::optional<fs::path> file = with_extension(stem, Language::kPython);
    if (!file) file = with_extension(stem / "__init__", Language::kPython);
    if (file) return Found{std::move(*file), std::string(handler.substr(dot + 1))};
  }
  return std::nullopt;
}

std::optional<fs::path> conventional_javascript(const fs::path& folder) {
  for (const char* stem : {"index", "handler"}) {
    if (auto file = with_extension(folder / stem, Language::kJavaScript)) return file;
  }
  return std::nullopt;
}

Result<std::optional<fs::path>> javascript_by_convention(const fs::path& folder) {
  FW_TRY_ASSIGN(std::optional<fs::path> main, main_of_package(folder));
  return main ? main : conventional_javascript(folder);
}

// The names that say "handler" before those that any program may have.
std::optional<fs::path> python_by_convention(const fs::path& folder) {
  for (const char* stem : {"handler", "lambda_function", "main", "app", "__main__"}) {
    if (auto file = with_extension(folder / stem, Language::kPython)) return file;
  }
  return std::nullopt;
}

}  // namespace fw::store

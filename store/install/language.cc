#include "store/install/language.h"

#include <algorithm>
#include <array>

#include "store/executables.h"

namespace fw::store {

namespace {

constexpr std::array<std::string_view, 3> kJavaScriptExtensions{".js", ".mjs", ".cjs"};
constexpr std::array<std::string_view, 1> kPythonExtensions{".py"};

}  // namespace

std::string_view name_of(Language language) {
  return language == Language::kPython ? "Python" : "JavaScript";
}

std::span<const std::string_view> extensions_of(Language language) {
  if (language == Language::kPython) return kPythonExtensions;
  return kJavaScriptExtensions;
}

std::optional<Language> language_of(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  for (const Language language : {Language::kJavaScript, Language::kPython}) {
    const auto known = extensions_of(language);
    if (std::find(known.begin(), known.end(), extension) != known.end()) return language;
  }
  return std::nullopt;
}

std::string_view host_of(Language language) {
  return language == Language::kPython ? kPythonHost : kV8Host;
}

}  // namespace fw::store

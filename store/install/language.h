// The languages that functions can be written in, and what follows from one: the
// names of its files, and the program that hosts it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace fw::store {

enum class Language { kJavaScript, kPython };

// "JavaScript"
std::string_view name_of(Language language);

// ".js", ".mjs", ".cjs"; in the order in which they are tried.
std::span<const std::string_view> extensions_of(Language language);

// By the extension of a file; nullopt when it is of none.
std::optional<Language> language_of(const std::filesystem::path& file);

// Name of the executable, for find_executable().
std::string_view host_of(Language language);

}  // namespace fw::store

#include "store/name.h"

#include <algorithm>
#include <array>
#include <vector>

namespace fw::store {

namespace {

constexpr std::size_t kMaxName = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Levenshtein's distance, letter case ignored.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

bool valid_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || !is_letter_or_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

Status check_name(std::string_view name) {
  if (valid_name(name)) return {};
  return fail(Errc::kBadInput,
              "'" + std::string(name) +
                  "' cannot be the name of a function: use 1 to 64 letters, digits, '_' and '-', "
                  "beginning with a letter or a digit");
}

std::string default_name(const std::filesystem::path& path, bool is_folder) {
  const std::filesystem::path plain = path.lexically_normal();
  if (is_folder) {
    return (plain.has_filename() ? plain.filename() : plain.parent_path().filename()).string();
  }
  std::string stem = plain.stem().string();
  constexpr std::array<std::string_view, 6> kEverybodys{"handler",         "index", "main",
                                                        "lambda_function", "app",   "__main__"};
  if (std::find(kEverybodys.begin(), kEverybodys.end(), stem) != kEverybodys.end()) {
    std::string folder = plain.parent_path().filename().string();
    if (valid_name(folder)) return folder;
  }
  return stem;
}

std::optional<std::string> nearest_name(std::string_view wanted,
                                        std::span<const std::string> candidates) {
  // A third of the letters may be wrong, and at least one.
  std::size_t allowed = std::max<std::size_t>(1, wanted.size() / 3);
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t apart = distance(wanted, candidate);
    if (apart <= allowed && (!nearest || apart < allowed)) {
      nearest = candidate;
      allowed = apart;
    }
  }
  return nearest;
}

}  // namespace fw::store

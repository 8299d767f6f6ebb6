#include "bench/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace fw::bench {

namespace {

// Three digits that count; all of a whole number's.
std::string three_digits(double value) {
  if (value >= 0 && value == std::floor(value)) return grouped(static_cast<std::size_t>(value));
  const double size = std::fabs(value);
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

std::string duration_text(double microseconds, bool greek) {
  if (microseconds < 999.5) return three_digits(microseconds) + (greek ? " µs" : " us");
  if (microseconds < 999'500) return three_digits(microseconds / 1e3) + " ms";
  return three_digits(microseconds / 1e6) + " s";
}

std::string value_text(double value, std::string_view unit, bool greek) {
  if (unit == "us") return duration_text(value, greek);
  if (unit == "bytes") {
    if (value < 1000) return three_digits(value) + " bytes";
    return value < 1e6 ? three_digits(value / 1e3) + " kB" : three_digits(value / 1e6) + " MB";
  }
  std::string text = three_digits(value);
  if (!unit.empty()) text += " " + std::string(unit);
  return text;
}

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string padded_right(std::string text, std::size_t width) {
  const std::size_t seen = columns(text);
  return seen < width ? std::move(text) + std::string(width - seen, ' ') : text;
}

std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t seen = columns(text);
  return seen < width ? std::string(width - seen, ' ') + text : text;
}

}  // namespace fw::bench

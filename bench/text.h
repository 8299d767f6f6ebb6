// Numbers for people.
#pragma once

#include <string>
#include <string_view>

namespace fw::bench {

// "61.2 us", "1.23 ms", "0.98 s": three digits, in the unit that fits. With
// `greek`, "61.2 µs".
std::string duration_text(double microseconds, bool greek = false);

// A value in its figure's unit: a duration for "us", "12.3 MB" for bytes, else the
// number with its unit: "87", "5.2 x".
std::string value_text(double value, std::string_view unit, bool greek = false);

// "10,000"
std::string grouped(std::size_t number);

// Columns seen on a terminal: bytes of UTF-8 that begin a character.
std::size_t columns(std::string_view text);
std::string padded_right(std::string text, std::size_t width);  // blanks after it
std::string padded_left(const std::string& text, std::size_t width);

}  // namespace fw::bench

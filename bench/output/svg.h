// A writer of SVG elements, as far as charts need it.
#pragma once

#include <string>
#include <string_view>

namespace fw::bench {

// With the five characters that XML keeps for itself replaced, and control
// characters, which it cannot hold at all, left out.
std::string xml_escaped(std::string_view text);

class Svg {
 public:
  // `style`: CSS for the classes that the elements are given.
  Svg(double width, double height, std::string_view label, std::string_view style);

  enum class Anchor { kStart, kMiddle, kEnd };
  void text(double x, double y, Anchor anchor, std::string_view css_class, std::string_view text);
  void rectangle(double x, double y, double width, double height, double radius,
                 std::string_view css_class);
  void vertical_line(double x, double from, double to, std::string_view css_class);

  std::string finish() &&;

 private:
  std::string text_;
};

}  // namespace fw::bench

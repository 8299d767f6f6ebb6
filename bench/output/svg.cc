#include "bench/output/svg.h"

#include <cstdio>
#include <utility>

namespace fw::bench {

namespace {

// A coordinate: a tenth of a pixel is enough.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + xml_escaped(value) + "\"";
}

std::string attribute(const char* name, double value) { return attribute(name, number(value)); }

const char* name_of(Svg::Anchor anchor) {
  switch (anchor) {
    case Svg::Anchor::kStart:
      return "start";
    case Svg::Anchor::kMiddle:
      return "middle";
    case Svg::Anchor::kEnd:
      break;
  }
  return "end";
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ') escaped += c;
    }
  }
  return escaped;
}

Svg::Svg(double width, double height, std::string_view label, std::string_view style) {
  const std::string size = number(width) + " " + number(height);
  text_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" + attribute("width", width) +
          attribute("height", height) + attribute("viewBox", "0 0 " + size) +
          attribute("aria-label", label) + ">\n<style>" + xml_escaped(style) + "</style>\n";
}

void Svg::text(double x, double y, Anchor anchor, std::string_view css_class,
               std::string_view text) {
  text_ += "<text" + attribute("x", x) + attribute("y", y) +
           attribute("text-anchor", name_of(anchor)) + attribute("class", css_class) + ">" +
           xml_escaped(text) + "</text>\n";
}

void Svg::rectangle(double x, double y, double width, double height, double radius,
                    std::string_view css_class) {
  text_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height) + attribute("rx", radius) + attribute("class", css_class) +
           "/>\n";
}

void Svg::vertical_line(double x, double from, double to, std::string_view css_class) {
  text_ += "<line" + attribute("x1", x) + attribute("x2", x) + attribute("y1", from) +
           attribute("y2", to) + attribute("class", css_class) + "/>\n";
}

std::string Svg::finish() && { return std::move(text_) + "</svg>\n"; }

}  // namespace fw::bench

#include "store/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace fw::store {

namespace {

// Receives the parser's events and keeps only the shape, or the first error.
class ShapeReader {
 public:
  bool null() { return value(JsonKind::kScalar); }
  bool boolean(bool) { return value(JsonKind::kScalar); }
  bool number_integer(std::int64_t) { return value(JsonKind::kScalar); }
  bool number_unsigned(std::uint64_t) { return value(JsonKind::kScalar); }
  bool number_float(double, const std::string&) { return value(JsonKind::kScalar); }
  bool string(std::string&) { return value(JsonKind::kScalar); }
  bool binary(nlohmann::json::binary_t&) { return value(JsonKind::kScalar); }
  bool key(std::string&) { return true; }
  bool start_object(std::size_t) { return enter(JsonKind::kObject); }
  bool start_array(std::size_t) { return enter(JsonKind::kArray); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) {
    position_ = std::max<std::size_t>(position, 1);
    problem_ = error.what();
    return false;
  }

  const JsonShape& shape() const { return shape_; }
  std::size_t position() const { return position_; }

  // "[json.exception...] parse error at line 1, column 2: syntax error ...": the
  // position is ours to tell.
  std::string problem() const {
    std::size_t start = problem_.find("column ");
    start = problem_.find(start == std::string::npos ? "] " : ": ",
                          start == std::string::npos ? 0 : start);
    return start == std::string::npos ? problem_ : problem_.substr(start + 2);
  }

 private:
  bool value(JsonKind kind) {
    if (depth_ == 0) shape_.kind = kind;
    if (depth_ == 1 && shape_.kind == JsonKind::kArray) ++shape_.elements;
    return true;
  }
  bool enter(JsonKind kind) {
    value(kind);
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  JsonShape shape_;
  std::size_t depth_ = 0;
  std::size_t position_ = 0;
  std::string problem_;
};

}  // namespace

Result<JsonShape> check_json(std::string_view text, std::string_view what) {
  // The parser would skip the mark, the function's JSON.parse does not.
  if (text.starts_with("\xEF\xBB\xBF")) {
    return fail(Errc::kBadInput, std::string(what) +
                                     ": not JSON: line 1, column 1 (byte 1): it begins with a "
                                     "byte-order mark, which JSON text must not have");
  }
  ShapeReader reader;
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &reader)) return reader.shape();

  const std::size_t byte = std::min(reader.position(), text.size() + 1);
  const std::string_view before = text.substr(0, byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t column = byte - (before.rfind('\n') + 1);  // npos + 1 is 0
  return fail(Errc::kBadInput, std::string(what) + ": not JSON: line " + std::to_string(line) +
                                   ", column " + std::to_string(column) + " (byte " +
                                   std::to_string(byte) + "): " + reader.problem());
}

}  // namespace fw::store

#include "store/json_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace fw::store;

namespace {

std::string problem(std::string_view text) {
  const fw::Result<JsonShape> shape = check_json(text, "it");
  REQUIRE_FALSE(shape);
  CHECK(shape.error().code() == fw::Errc::kBadInput);
  return shape.error().message();
}

}  // namespace

TEST_CASE("Every kind of JSON text is accepted and its shape told") {
  CHECK(check_json("[1,[2,3],{\"a\":4}]", "it")->kind == JsonKind::kArray);
  CHECK(check_json("[1,[2,3],{\"a\":[4,5]}]", "it")->elements == 3);
  CHECK(check_json("[]", "it")->elements == 0);
  CHECK(check_json(" {\"a\":1} ", "it")->kind == JsonKind::kObject);
  for (const char* scalar : {"null", "true", "-1.5e3", "18446744073709551615", "\"x\\u00e4\""}) {
    CAPTURE(scalar);
    CHECK(check_json(scalar, "it")->kind == JsonKind::kScalar);
  }
}

TEST_CASE("A malformed text is refused with line, column and byte") {
  CHECK(problem("{\"a\":}").find("it: not JSON: line 1, column 6 (byte 6): ") == 0);
  CHECK(problem("{\n  \"a\": 1,\n}").find("line 3, column 1 (byte 13)") != std::string::npos);
  CHECK(problem("").find("line 1, column 1 (byte 1)") != std::string::npos);
  CHECK(problem("[1").find("line 1, column 3 (byte 3)") != std::string::npos);
  CHECK(problem("[1] x").find("line 1, column 5 (byte 5)") != std::string::npos);
  CHECK(problem("{'a':1}").find("line 1, column 2 (byte 2)") != std::string::npos);
}

TEST_CASE("The message says what is wrong, without the parser's own prefix") {
  const std::string message = problem("{\"a\":}");
  CHECK(message.find("unexpected '}'") != std::string::npos);
  CHECK(message.find("json.exception") == std::string::npos);
  CHECK(problem("1e999").find("json.exception") == std::string::npos);
}

TEST_CASE("Text that is not UTF-8 is refused") {
  CHECK(problem("\"\xFF\"").find("byte 2") != std::string::npos);
}

TEST_CASE("A byte-order mark is refused, as JSON.parse would") {
  CHECK(problem("\xEF\xBB\xBF{}").find("byte-order mark") != std::string::npos);
}

TEST_CASE("Nesting a million deep exhausts no stack") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK(check_json(deep, "it")->elements == 1);
}

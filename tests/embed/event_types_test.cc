#include "embed/event_types.h"

#include <doctest/doctest.h>

#include <string>

using fw::embed::one_type_warnings;

namespace {

// The one warning about these events; empty when there is none.
std::string warning(std::string_view events) {
  const auto warnings = one_type_warnings(events);
  REQUIRE(warnings.size() <= 1);
  return warnings.empty() ? "" : warnings[0];
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A field that is always a number is warned of, with an event that would help") {
  CHECK(warning(R"([{"size": 800}, {"size": 640.5, "name": "x"}, {}])") ==
        "training covers only numbers for event.size; a caller who sends it in a query string "
        "sends text, and a call with text throws compiled code away: add an event such as "
        "{\"size\": \"800\"} if callers may do so");
}

TEST_CASE("A field that is also seen as text, or is no number at all, needs no warning") {
  CHECK(warning(R"([{"size": 800}, {"size": "640"}])").empty());
  CHECK(warning(R"([{"size": "640"}, {"size": 800}, {"size": 801}])").empty());
  CHECK(warning(R"([{"size": null}, {"size": 800}])").empty());
  CHECK(warning(R"([{"name": "x", "list": [1, 2], "inner": {"n": 1}, "nothing": null}])").empty());
}

TEST_CASE("Booleans are told apart from numbers") {
  CHECK(contains(warning(R"([{"loud": true}])"),
                 "only booleans for event.loud; a caller who sends "
                 "it"));
  const std::string both = warning(R"([{"loud": true, "n": 1}])");
  CHECK(contains(both, "only numbers for event.n and only booleans for event.loud; "));
  CHECK(contains(both, "who sends them"));
  CHECK(warning(R"([{"loud": true}, {"loud": 1}])").empty());
}

TEST_CASE("Parameters of a query string and of a path are looked into, other objects are not") {
  const std::string text =
      warning(R"([{"queryStringParameters": {"page": 2}, "pathParameters": {"id": 7}}])");
  CHECK(contains(text, "event.queryStringParameters.page and event.pathParameters.id"));
  CHECK(contains(text, R"(such as {"queryStringParameters": {"page": "2"}} if)"));
  CHECK(warning(R"([{"queryStringParameters": {"page": "2"}, "pathParameters": null}])").empty());
}

TEST_CASE("Of many fields a few are named and the others counted") {
  const std::string text = warning(R"([{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1}])");
  CHECK(contains(text, "event.a, event.b, event.c, event.d, event.e and 2 more;"));
  CHECK_FALSE(contains(text, "event.f"));
}

TEST_CASE("Names that are no identifiers are quoted") {
  CHECK(contains(warning(R"([{"page size": 1}])"), R"(event["page size"])"));
  CHECK(contains(warning(R"([{"1st": 1}])"), R"(event["1st"])"));
  CHECK(contains(warning(R"([{"a\"b": 1}])"), R"(event["a\"b"])"));
}

TEST_CASE("What is no array of objects gives no warning") {
  for (const char* events : {"", "{", "{}", "[]", "5", "[1, true, \"x\", null, [1]]", "[{}]"}) {
    CHECK(warning(events).empty());
  }
}

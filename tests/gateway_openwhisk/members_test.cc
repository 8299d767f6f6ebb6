#include "gateway/openwhisk/members.h"

#include <doctest/doctest.h>

namespace {

using namespace fw;
using namespace fw::gateway::openwhisk;

TEST_CASE("members of an object are given as they are written") {
  const std::string text =
      R"( { "a" : 1.50e3 , "b":"x\"}],{" ,"\u0063":{"d":[1,{"}":"]"}]},"e":[ ],"f":null,"n":-0}  )";
  const auto members = members_of(text, "it");
  REQUIRE(members);
  REQUIRE(members->size() == 6);
  CHECK(find_member(*members, "a") == "1.50e3");
  CHECK(find_member(*members, "b") == R"("x\"}],{")");
  CHECK(find_member(*members, "c") == R"({"d":[1,{"}":"]"}]})");
  CHECK(find_member(*members, "e") == "[ ]");
  CHECK(find_member(*members, "f") == "null");
  CHECK(find_member(*members, "n") == "-0");
  CHECK(find_member(*members, "x").empty());
}

TEST_CASE("an object may have no members, and one twice") {
  CHECK(members_of("{ }", "it")->empty());
  CHECK(find_member(*members_of(R"({"a":1,"a":2})", "it"), "a") == "2");
}

TEST_CASE("what is no object is refused") {
  for (const char* const bad : {"", "{", "[]", "7", "{} {}", "{\"a\"}", "{\"a\":}"}) {
    CAPTURE(bad);
    const auto members = members_of(bad, "it");
    REQUIRE_FALSE(members);
    CHECK(members.error().code() == Errc::kBadInput);
    CHECK(members.error().message().starts_with("it"));
  }
}

TEST_CASE("strings lose their quotes and escapes, other values stay as they are") {
  CHECK(plain_text(R"("a\n\u20ac")") == "a\n\xE2\x82\xAC");
  CHECK(plain_text("12") == "12");
  CHECK(plain_text("[1, 2]") == "[1, 2]");
}

}  // namespace

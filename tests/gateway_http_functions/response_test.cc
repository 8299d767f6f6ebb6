// Results as responses.
#include "gateway/http_functions/response.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using fw::gateway::Response;
using fw::gateway::http_functions::response_of;
using nlohmann::json;

namespace {

Response response(const json& result) {
  fw::Result<Response> made = response_of(result.dump());
  if (!made) FAIL(made.error().message());
  return std::move(*made);
}

std::string refusal(const json& result) {
  const fw::Result<Response> made = response_of(result.dump());
  REQUIRE_MESSAGE(!made, result.dump());
  CHECK(made.error().code() == fw::Errc::kFunction);
  return made.error().message();
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("A result with a statusCode says what the response is") {
  const Response made = response({{"statusCode", 201},
                                  {"headers", {{"Content-Type", "text/plain"}, {"X-Count", 3}}},
                                  {"cookies", {"a=b; Path=/", "c=d"}},
                                  {"body", "made"}});
  CHECK(made.status == 201);
  CHECK(made.content_type == "text/plain");
  CHECK(made.headers ==
        Headers{{"X-Count", "3"}, {"Set-Cookie", "a=b; Path=/"}, {"Set-Cookie", "c=d"}});
  CHECK(made.body == "made");
}

TEST_CASE("A result without a statusCode is the body of a 200") {
  for (const json& result : {json("Hello"), json{{"a", 1}}, json(nullptr), json{1, 2}}) {
    const Response made = response(result);
    CHECK(made.status == 200);
    CHECK(made.content_type == "application/json");
    CHECK(made.headers.empty());
    CHECK(made.body == result.dump());
  }
}

TEST_CASE("Everything but the status may be left out, or null") {
  for (const json& result : {json{{"statusCode", 204}}, json{{"statusCode", "204"},
                                                             {"headers", nullptr},
                                                             {"multiValueHeaders", nullptr},
                                                             {"cookies", nullptr},
                                                             {"body", nullptr},
                                                             {"isBase64Encoded", nullptr}}}) {
    const Response made = response(result);
    CHECK(made.status == 204);
    CHECK(made.content_type == "application/json");
    CHECK(made.headers.empty());
    CHECK(made.body.empty());
  }
}

TEST_CASE("An empty content type is none") {
  CHECK(response({{"statusCode", 200}, {"headers", {{"content-type", ""}}}}).content_type.empty());
}

TEST_CASE("A body in base64 is decoded") {
  const Response made =
      response({{"statusCode", 200}, {"body", "/wB6"}, {"isBase64Encoded", true}});
  CHECK(made.body == std::string("\xff\x00z", 3));
  CHECK(response({{"statusCode", 200}, {"body", "/wB6"}, {"isBase64Encoded", false}}).body ==
        "/wB6");
  CHECK(
      contains(refusal({{"statusCode", 200}, {"body", "?"}, {"isBase64Encoded", true}}), "base64"));
}

TEST_CASE("Headers with many values come each on its own, and before single ones of that name") {
  const Response made = response({{"statusCode", 200},
                                  {"multiValueHeaders", {{"Link", {"<a>", "<b>"}}}},
                                  {"headers", {{"Link", "<c>"}, {"X", "y"}}}});
  CHECK(made.headers == Headers{{"Link", "<a>"}, {"Link", "<b>"}, {"X", "y"}});
}

TEST_CASE("Headers of the connection and of the server are left out") {
  json headers{{"X-Kept", "1"}};
  for (const char* name : {"Connection", "keep-alive", "Transfer-Encoding", "Upgrade", "Trailer",
                           "TE", "Proxy-Connection", "Content-Length", "DATE"}) {
    headers[name] = "value";
  }
  CHECK(response({{"statusCode", 200}, {"headers", headers}}).headers == Headers{{"X-Kept", "1"}});
}

TEST_CASE("Headers that would begin a line of their own are refused") {
  for (const char* value : {"a\r\nSet-Cookie: x=y", "a\nb", "a\rb"}) {
    CHECK(contains(refusal({{"statusCode", 200}, {"headers", {{"X", value}}}}), "line break"));
    CHECK(contains(refusal({{"statusCode", 200}, {"cookies", {value}}}), "line break"));
    CHECK(contains(refusal({{"statusCode", 200}, {"headers", {{"Connection", value}}}}), "line"));
  }
  CHECK(contains(refusal({{"statusCode", 200}, {"headers", {{"X", std::string("a\0b", 3)}}}}),
                 "zero byte"));
  for (const char* name : {"", "a b", "a:b", "a\r\nb", "\u00e4"}) {
    CHECK(contains(refusal({{"statusCode", 200}, {"headers", {{name, "x"}}}}),
                   "cannot be the name of a header"));
  }
}

TEST_CASE("A result of another form is refused, telling what is wrong") {
  for (const json& code : {json(99), json(199), json(600), json(200.5), json(-200), json("2oo"),
                           json(true), json(nullptr), json::array(), json("")}) {
    CHECK(contains(refusal({{"statusCode", code}}), "from 200 to 599"));
  }
  CHECK(contains(refusal({{"statusCode", 200}, {"body", {{"a", 1}}}}), "body must be a string"));
  CHECK(contains(refusal({{"statusCode", 200}, {"headers", {"a"}}}), "headers must be an object"));
  CHECK(contains(refusal({{"statusCode", 200}, {"headers", {{"a", {1}}}}}), "must be a string"));
  CHECK(contains(refusal({{"statusCode", 200}, {"multiValueHeaders", {{"a", "b"}}}}),
                 "must be an array"));
  CHECK(contains(refusal({{"statusCode", 200}, {"cookies", "a=b"}}), "array of strings"));
  const auto no_json = response_of("{");
  REQUIRE_FALSE(no_json.has_value());
  CHECK(no_json.error().message() == "it is no JSON");
}

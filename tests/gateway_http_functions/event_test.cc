// Requests as events.
#include "gateway/http_functions/event.h"

#include <doctest/doctest.h>

#include <boost/beast/http/verb.hpp>
#include <nlohmann/json.hpp>

#include "gateway/http_functions/utf8.h"

using fw::gateway::Request;
using fw::gateway::http_functions::event_of;
using fw::gateway::http_functions::is_utf8;
using fw::gateway::http_functions::path_below;
using nlohmann::json;

namespace {

// 2020-03-12, 19:03:58 and 390 ms.
constexpr std::uint64_t kThen = 1584039838390;

Request request_of(std::string target) {
  Request request;
  request.method = boost::beast::http::verb::get;
  request.target = std::move(target);
  const std::string_view all = request.target;
  const std::size_t mark = std::min(all.find('?'), all.size());
  request.path = all.substr(0, mark);
  request.query = all.substr(std::min(mark + 1, all.size()));
  request.peer = "192.0.2.7:4711";
  return request;
}

json event(const Request& request) { return json::parse(event_of(request, "id-1", kThen)); }

}  // namespace

TEST_CASE("A function sees what of the path is below its name, as it came") {
  CHECK(path_below("/http/f") == "/");
  CHECK(path_below("/http/f/") == "/");
  CHECK(path_below("/http/f/a%2Fb//c/") == "/a%2Fb//c/");
}

TEST_CASE("A request is told in the payload format 2.0") {
  Request request = request_of("/http/f/a/b?x=1&y=2");
  request.method = boost::beast::http::verb::patch;
  request.headers.insert("Host", "box.example:8080");
  request.headers.insert("User-Agent", "curl/7");
  const json told = event(request);
  CHECK(told.at("version") == "2.0");
  CHECK(told.at("routeKey") == "$default");
  CHECK(told.at("rawPath") == "/a/b");
  CHECK(told.at("rawQueryString") == "x=1&y=2");
  CHECK(told.at("queryStringParameters") == json{{"x", "1"}, {"y", "2"}});
  CHECK(told.at("headers") == json{{"host", "box.example:8080"}, {"user-agent", "curl/7"}});
  CHECK(told.at("isBase64Encoded") == false);
  CHECK_FALSE(told.contains("body"));
  CHECK_FALSE(told.contains("cookies"));
  const json& context = told.at("requestContext");
  CHECK(context.at("http") == json{{"method", "PATCH"},
                                   {"path", "/a/b"},
                                   {"protocol", "HTTP/1.1"},
                                   {"sourceIp", "192.0.2.7"},
                                   {"userAgent", "curl/7"}});
  CHECK(context.at("requestId") == "id-1");
  CHECK(context.at("domainName") == "box.example:8080");
  CHECK(context.at("domainPrefix") == "box");
  CHECK(context.at("time") == "12/Mar/2020:19:03:58 +0000");
  CHECK(context.at("timeEpoch") == kThen);
}

TEST_CASE("Names and values of a query are decoded, those of one name put together") {
  const json told = event(request_of("/http/f?a=1&b=%C3%A4+%2B&a=2&empty=&none&&=x&bad=%zz"));
  CHECK(
      told.at("queryStringParameters") ==
      json{
          {"a", "1,2"}, {"b", "\u00e4 +"}, {"empty", ""}, {"none", ""}, {"", "x"}, {"bad", "%zz"}});
  CHECK_FALSE(event(request_of("/http/f?")).contains("queryStringParameters"));
}

TEST_CASE("Headers have lower-case names, those of one name are put together") {
  Request request = request_of("/http/f");
  request.headers.insert("X-Many", "one");
  request.headers.insert("x-many", "two");
  request.headers.insert("Connection", "keep-alive");
  request.headers.insert("Transfer-Encoding", "chunked");
  request.headers.insert("Expect", "100-continue");
  CHECK(event(request).at("headers") == json{{"x-many", "one,two"}});
}

TEST_CASE("Cookies are told apart from headers") {
  Request request = request_of("/http/f");
  request.headers.insert("Cookie", "a=b; c=d ; ;");
  request.headers.insert("Cookie", "e=f");
  const json told = event(request);
  CHECK(told.at("cookies") == json{"a=b", "c=d", "e=f"});
  CHECK(told.at("headers").empty());
}

TEST_CASE("A body of text is told as it is, any other in base64") {
  Request request = request_of("/http/f");
  request.body = "{\"name\": \"Zo\u00eb\"}";
  CHECK(event(request).at("body") == request.body);
  CHECK(event(request).at("isBase64Encoded") == false);
  request.body = std::string("\xff\x00z", 3);
  CHECK(event(request).at("body") == "/wB6");
  CHECK(event(request).at("isBase64Encoded") == true);
}

TEST_CASE("Bytes of a header that are no text do no harm") {
  Request request = request_of("/http/f");
  request.headers.insert("X-Odd", "a\xff");
  CHECK(event(request).at("headers").at("x-odd") == "a\ufffd");
}

TEST_CASE("The caller's address comes without its port") {
  Request request = request_of("/http/f");
  const auto source = [&](const char* peer) {
    request.peer = peer;
    return event(request).at("requestContext").at("http").at("sourceIp").get<std::string>();
  };
  CHECK(source("127.0.0.1:80") == "127.0.0.1");
  CHECK(source("[::1]:80") == "::1");
  CHECK(source("unix:4711") == "127.0.0.1");
}

TEST_CASE("UTF-8 is told from what is none") {
  for (const char* text :
       {"", "a", "\u00e4", "\u20ac", "\U0001f600", "\ud7ff\ue000", "\U0010ffff"}) {
    CAPTURE(text);
    CHECK(is_utf8(text));
  }
  for (const char* bytes :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xe2\x82", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x28\xa1", "\xf0\x9f\x98\x28", "a\xff"}) {
    CHECK_FALSE(is_utf8(bytes));
  }
}

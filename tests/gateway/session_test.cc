// How requests are read and answered, with clients that keep to the rules.
#include <nlohmann/json.hpp>

#include "tests/gateway/http_fixture.h"

namespace {

using namespace fw;
using namespace fw::testing;

TEST_CASE("a connection serves one request after the other") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  for (int i = 0; i < 3; ++i) {
    const RawAnswer answer = client.ask("GET", "/hello");
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
    CHECK(answer.headers.at("content-type") == "text/plain");
    CHECK(answer.headers.at("date").ends_with(" GMT"));
    CHECK(answer.headers.count("connection") == 0);
  }
  CHECK(client.ask("POST", "/echo", "a body").body == "a body");
  CHECK(fixture.server->counters().accepted == 1);
  CHECK(fixture.server->counters().by_status[200] == 4);
}

TEST_CASE("requests sent ahead are answered in their order") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    const std::string body = "body " + std::to_string(i);
    all += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
    if (i % 10 == 0) all += "GET /elsewhere HTTP/1.1\r\n\r\n";
    if (i % 25 == 0) all += "\r\n";
  }
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    CHECK(client.answer().body == "body " + std::to_string(i));
    if (i % 10 == 0) CHECK(client.answer().body == "elsewhere");
  }
}

TEST_CASE("what is sent ahead waits while a function runs") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  client.send(
      "GET /held?1 HTTP/1.1\r\n\r\nGET /held?2 HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n\r\n");
  fixture.pool.await_held(1);
  fixture.pool.release();
  CHECK(client.answer().body == "1");
  fixture.pool.await_held(1);
  fixture.pool.release();
  CHECK(client.answer().body == "2");
  CHECK(client.answer().body == "hello");
}

TEST_CASE("a request may come in pieces of one byte") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  const std::string text =
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n10;ext=1\r\n0123456789abcdef\r\n0\r\nX-Trailer: t\r\n\r\n";
  for (const char c : text) client.send(std::string_view(&c, 1));
  CHECK(client.answer().body == "abc0123456789abcdef");
  CHECK(client.ask("GET", "/hello").body == "hello");
}

TEST_CASE("HEAD is answered without the body and with its length") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  const RawAnswer answer = client.ask("HEAD", "/hello");
  CHECK(answer.status == 200);
  CHECK(answer.headers.at("content-length") == "5");
  CHECK(client.ask("GET", "/hello").body == "hello");
}

TEST_CASE("an answer without content has neither body nor length") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  const RawAnswer answer = client.ask("GET", "/nothing");
  CHECK(answer.status == 204);
  CHECK(answer.headers.count("content-length") == 0);
  CHECK(client.ask("GET", "/hello").body == "hello");
}

TEST_CASE("HTTP/1.0 closes unless it asks to stay") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const RawAnswer kept = client.answer();
  CHECK(kept.headers.at("connection") == "keep-alive");
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  const RawAnswer last = client.answer();
  CHECK(last.headers.at("connection") == "close");
  CHECK(last.body == "hello");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("a client that asks for it gets its connection closed") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  const RawAnswer answer = client.ask("GET", "/hello", {}, "Connection: close\r\n");
  CHECK(answer.headers.at("connection") == "close");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("a client that expects to be told to continue is told once") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read(25) == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  client.send("def");
  CHECK(client.answer().body == "abcdef");
  // Who does not wait is not told.
  CHECK(client.ask("POST", "/echo", "abc", "Expect: 100-continue\r\n").body == "abc");
}

TEST_CASE("a target may be a whole URI") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  CHECK(client.ask("GET", "http://somewhere:80/hello?q").body == "hello");
  CHECK(client.ask("GET", "http://somewhere").status == 404);
  CHECK(client.ask("OPTIONS", "*").status == 404);
}

TEST_CASE("a large answer reaches a client that reads slowly") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  client.send("GET /large HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n\r\n");
  CHECK(client.answer().body.size() == std::size_t{20} << 20);
  CHECK(client.answer().body == "hello");
}

TEST_CASE("a route that fails to answer is answered for") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  const RawAnswer forgotten = client.ask("GET", "/forgotten");
  CHECK(forgotten.status == 500);
  CHECK(nlohmann::json::parse(forgotten.body)["error"] == "the request was not answered");
  const RawAnswer thrown = client.ask("GET", "/throws");
  CHECK(thrown.status == 500);
  CHECK(nlohmann::json::parse(thrown.body)["error"] == "thrown");
  CHECK(client.ask("GET", "/twice").body == "first");
  CHECK(client.ask("GET", "/hello").body == "hello");
}

TEST_CASE("what a route says of the connection, or hides in a header, is not sent") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  RawAnswer answer = client.ask("GET", "/strange");
  CHECK(answer.body == "strange");
  CHECK(answer.headers["x-split"] == "a  Injected: b");
  CHECK(answer.headers.count("injected") == 0);
  CHECK(answer.headers.count("bad name") == 0);
  CHECK(answer.headers.count("connection") == 0);
  CHECK(answer.headers.count("transfer-encoding") == 0);
  answer = client.ask("GET", "/nonsense");
  CHECK(answer.status == 500);
  CHECK(answer.body.find("has status 99") != std::string::npos);
}

TEST_CASE("connections are divided among the workers") {
  HttpFixture fixture({}, 4);
  std::vector<RawClient> clients;
  for (int i = 0; i < 16; ++i) {
    clients.push_back(fixture.client());
    clients.back().send("GET /held HTTP/1.1\r\n\r\n");
  }
  fixture.pool.await_held(16);
  CHECK(fixture.server->counters().open == 16);
  CHECK(fixture.pool.most_held_by_one_worker() <= 5);
  fixture.pool.release();
  for (RawClient& client : clients) CHECK(client.answer().status == 200);
}

}  // namespace

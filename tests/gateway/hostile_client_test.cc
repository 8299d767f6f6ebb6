// Clients that break the rules, or keep to them at their leisure.
#include <poll.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/gateway/http_fixture.h"

namespace {

using namespace fw;
using namespace fw::testing;
using gateway::http::Limits;
using gateway::http::ServerOptions;

ServerOptions with(const Limits& limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

std::string code_of(const RawAnswer& answer) { return nlohmann::json::parse(answer.body)["code"]; }

// Sends the text on a connection of its own: the status, having seen the connection end.
unsigned status_of(const HttpFixture& fixture, std::string_view text) {
  RawClient client = fixture.client();
  (void)client.try_send(text);
  const RawAnswer answer = client.answer();
  CHECK(answer.headers.count("connection") == 1);
  CHECK(client.read_to_end().empty());
  return answer.status;
}

TEST_CASE("what is no HTTP is refused and the connection closed") {
  HttpFixture fixture(with(patient_limits()));
  for (const char* const bad : {
           "hello\r\n\r\n",
           "GET /hello\r\n\r\n",
           "GET /hello HTTP/2.0\r\n\r\n",
           "GET /hello HTTP/1.1\r\nno colon\r\n\r\n",
           "GET /hello HTTP/1.1\r\n: no name\r\n\r\n",
           "GET /hello HTTP/1.1\r\nName : blank\r\n\r\n",
           "GET /hel\x01lo HTTP/1.1\r\n\r\n",
           "GET /hello HTTP/1.1\nHost: h\n\n",
           "POST /echo HTTP/1.1\r\nContent-Length: x\r\n\r\n",
           "POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
           "POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
           "POST /echo HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
           "POST /echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
           "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n",
           "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
       }) {
    CAPTURE(std::string(bad));
    CHECK(status_of(fixture, bad) == 400);
  }
  CHECK(fixture.client().ask("GET", "/hello").body == "hello");
}

TEST_CASE("a body that is too large is refused before it is read") {
  Limits limits = patient_limits();
  limits.body_bytes = 1000;
  HttpFixture fixture(with(limits));

  RawClient told = fixture.client();
  told.send("POST /echo HTTP/1.1\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  const RawAnswer answer = told.answer();
  CHECK(answer.status == 413);
  CHECK(code_of(answer) == "too_large");
  CHECK(answer.headers.at("connection") == "close");

  CHECK(fixture.client().ask("POST", "/echo", std::string(1000, 'x')).body.size() == 1000);
  CHECK(status_of(fixture, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                               std::string(1000, 'x') + "\r\n1\r\n") == 413);
  CHECK(
      status_of(fixture,
                "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n") ==
      413);
}

TEST_CASE("a client that goes on sending what was refused still gets the answer") {
  Limits limits = patient_limits();
  limits.body_bytes = 1000;
  HttpFixture fixture(with(limits));
  RawClient client = fixture.client();
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 4000000\r\n\r\n");
  const std::string part(100'000, 'x');
  for (int i = 0; i < 40 && client.try_send(part); ++i) {
  }
  CHECK(client.answer().status == 413);
}

TEST_CASE("headers are limited in size and number") {
  HttpFixture fixture(with(patient_limits()));
  const std::string get = "GET /hello HTTP/1.1\r\n";
  CHECK(status_of(fixture, "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n") == 431);
  CHECK(status_of(fixture, get + "X: " + std::string(17'000, 'x') + "\r\n\r\n") == 431);
  std::string many = get;
  for (int i = 0; i < 101; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
  CHECK(status_of(fixture, many + "\r\n") == 431);
  // Trailers count, too, and so does what stands before a chunk.
  std::string trailers = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 101; ++i) trailers += "X" + std::to_string(i) + ": 1\r\n";
  CHECK(status_of(fixture, trailers + "\r\n") == 431);
  CHECK(status_of(fixture, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                               std::string(200'000, 'x')) /
            100 ==
        4);

  RawClient client = fixture.client();
  CHECK(client.ask("GET", "/hello", {}, "X: " + std::string(12'000, 'x') + "\r\n").status == 200);
}

TEST_CASE("the sum of all bodies is limited") {
  Limits limits = patient_limits();
  limits.buffered_bytes = 150'000;
  HttpFixture fixture(with(limits));
  RawClient first = fixture.client();
  first.send("POST /echo HTTP/1.1\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n");
  CHECK(first.read(25).ends_with("100 Continue\r\n\r\n"));
  CHECK(status_of(fixture, "POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n\r\n") == 503);
  first.send(std::string(100'000, 'x'));
  CHECK(first.answer().body.size() == 100'000);
  // What was taken is given back.
  CHECK(fixture.client().ask("POST", "/echo", std::string(100'000, 'x')).status == 200);
}

TEST_CASE("a header that does not come to its end in time is answered 408") {
  Limits limits = patient_limits();
  limits.header_ms = 60;
  HttpFixture fixture(with(limits));
  RawClient slow = fixture.client();
  slow.send("GET /hello HTTP/1.1\r\nHo");
  RawClient silent = fixture.client();
  CHECK(slow.answer().status == 408);
  CHECK(slow.read_to_end().empty());
  CHECK(silent.read_to_end().empty());
  CHECK(fixture.server->counters().timed_out >= 2);
}

TEST_CASE("sending a byte now and then does not prolong the time for a header") {
  Limits limits = patient_limits();
  limits.header_ms = 60;
  HttpFixture fixture(with(limits));
  RawClient slow = fixture.client();
  slow.send("GET /hello HTTP/1.1\r\n");
  pollfd answered{slow.fd(), POLLIN, 0};
  while (slow.try_send("X: 1\r\n") && ::poll(&answered, 1, 5) == 0) {
  }
  CHECK(slow.answer().status == 408);
}

TEST_CASE("a body that does not come to its end in time is answered 408") {
  Limits limits = patient_limits();
  limits.body_ms = 60;
  HttpFixture fixture(with(limits));
  RawClient slow = fixture.client();
  slow.send("POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(slow.answer().status == 408);
  CHECK(slow.read_to_end().empty());
}

TEST_CASE("a body that trickles is given up") {
  Limits limits = patient_limits();
  limits.body_grace_ms = 40;
  limits.body_rate = 1'000'000;
  HttpFixture fixture(with(limits));
  RawClient slow = fixture.client();
  slow.send("POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n\r\nabc");
  CHECK(slow.answer().status == 408);
}

TEST_CASE("an idle connection is closed without a word") {
  Limits limits = patient_limits();
  limits.idle_ms = 60;
  HttpFixture fixture(with(limits));
  RawClient client = fixture.client();
  CHECK(client.ask("GET", "/hello").status == 200);
  CHECK(client.read_to_end().empty());
  fixture.await_open(0);
}

TEST_CASE("a client that does not read its answer is cut off") {
  Limits limits = patient_limits();
  limits.write_ms = 60;
  limits.write_rate = 1'000'000'000;
  HttpFixture fixture(with(limits));
  RawClient client = fixture.client();
  client.send("GET /large HTTP/1.1\r\n\r\n");
  fixture.await_open(1);
  fixture.await_open(0);
  CHECK(client.read_to_end().size() < std::size_t{20} << 20);
}

TEST_CASE("a running function is given its time") {
  Limits limits = patient_limits();
  limits.header_ms = limits.body_ms = limits.idle_ms = 1;
  HttpFixture fixture(with(limits));
  RawClient client = fixture.client();
  client.send("GET /held?x HTTP/1.1\r\n\r\n");
  fixture.pool.await_held(1);
  // A later connection is swept away meanwhile: the sweep saw the first, too.
  CHECK(fixture.client().read_to_end().empty());
  fixture.pool.release();
  CHECK(client.answer().body == "x");
}

TEST_CASE("a client that goes away while its function runs leaves nothing behind") {
  HttpFixture fixture(with(patient_limits()));
  for (const bool by_reset : {false, true}) {
    RawClient client = fixture.client();
    client.send("GET /held HTTP/1.1\r\n\r\nGET /large HTTP/1.1\r\n\r\n");
    fixture.pool.await_held(1);
    if (by_reset) {
      client.reset();
    } else {
      client = fixture.client();
    }
    fixture.pool.release();
  }
  fixture.await_open(0);
  CHECK(fixture.client().ask("GET", "/hello").status == 200);
}

TEST_CASE("a reset in the middle of a request ends its connection alone") {
  HttpFixture fixture(with(patient_limits()));
  RawClient other = fixture.client();
  CHECK(other.ask("GET", "/hello").status == 200);
  for (const char* const part :
       {"GET /he", "POST /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"}) {
    RawClient client = fixture.client();
    client.send(part);
    fixture.await_open(2);
    client.reset();
    fixture.await_open(1);
  }
  CHECK(other.ask("GET", "/hello").status == 200);
}

TEST_CASE("a client that closed its side gets what it asked for") {
  HttpFixture fixture(with(patient_limits()));
  RawClient client = fixture.client();
  client.send("GET /held?a HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n\r\n");
  client.half_close();
  fixture.pool.await_held(1);
  fixture.pool.release();
  CHECK(client.answer().body == "a");
  CHECK(client.answer().body == "hello");
  CHECK(client.read_to_end().empty());
  RawClient unfinished = fixture.client();
  unfinished.send("GET /hel");
  unfinished.half_close();
  CHECK(unfinished.read_to_end().empty());
}

TEST_CASE("connections beyond the limit are turned away with 503") {
  Limits limits = patient_limits();
  limits.connections = 100;
  HttpFixture fixture(with(limits));
  std::vector<RawClient> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(fixture.client());
  fixture.await_open(100);
  std::size_t served = 0;
  std::size_t refused = 0;
  for (RawClient& client : clients) {
    (void)client.try_send("GET /hello HTTP/1.1\r\n\r\n");
    const RawAnswer answer = client.answer();
    if (answer.status == 200) ++served;
    // The answer may be lost by a reset when the request crosses it.
    if (answer.status == 503 || answer.status == 0) ++refused;
  }
  CHECK(served == 100);
  CHECK(refused == 100);
  CHECK(fixture.server->counters().refused == 100);
  clients.clear();
  fixture.await_open(0);
  CHECK(fixture.client().ask("GET", "/hello").status == 200);
}

TEST_CASE("a server that is out of descriptors goes on when there are some again") {
  HttpFixture fixture(with(patient_limits()));
  RawClient first = fixture.client();
  CHECK(first.ask("GET", "/hello").status == 200);
  RawClient second = fixture.client();
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  {
    // The client's end is connected by the kernel; the server's cannot be had.
    UniqueFd lowest(::dup(0));
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(lowest.get()) + 1;
    RawClient waiting = fixture.client();
    ::setrlimit(RLIMIT_NOFILE, &none);
    CHECK(first.ask("GET", "/hello").status == 200);
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK(waiting.ask("GET", "/hello").status == 200);
  }
}

}  // namespace

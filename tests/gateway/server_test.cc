// Starting, draining and ending a server; the Unix socket.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>

#include "gateway/http/address.h"
#include "gateway/http/listen.h"
#include "tests/gateway/http_fixture.h"

namespace {

namespace fs = std::filesystem;

using namespace fw;
using namespace fw::testing;
using gateway::http::Server;
using gateway::http::ServerOptions;

std::size_t open_files() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

Error start_error(HttpFixture& fixture, ServerOptions options) {
  auto started = Server::start(fixture.pool, fixture.routes, std::move(options));
  REQUIRE(!started);
  return std::move(started).error();
}

ServerOptions on_unix(const fs::path& path) {
  ServerOptions options;
  options.unix_socket = path;
  options.limits = patient_limits();
  return options;
}

TEST_CASE("addresses are read as people write them") {
  using gateway::http::parse_address;
  using gateway::http::to_text;
  CHECK(to_text(parse_address("127.0.0.1:8080").value()) == "127.0.0.1:8080");
  CHECK(to_text(parse_address("[::1]:0").value()) == "[::1]:0");
  CHECK(to_text(parse_address("localhost:1").value()) == "127.0.0.1:1");
  for (const char* const bad : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                                "127.0.0.1:65536", "::1:80", "[::1]80", "example.org:80", "1:-1"}) {
    CAPTURE(bad);
    const auto parsed = parse_address(bad);
    REQUIRE(!parsed);
    CHECK(parsed.error().code() == Errc::kBadInput);
    CHECK(parsed.error().message().find("127.0.0.1:8080") != std::string::npos);
  }
}

TEST_CASE("a server tells the ports that were chosen for it") {
  ServerOptions options;
  options.addresses = {"127.0.0.1:0", "[::1]:0"};
  HttpFixture fixture(options);
  REQUIRE(fixture.server->addresses().size() == 2);
  for (const std::string& address : fixture.server->addresses()) {
    CHECK(!address.ends_with(":0"));
    RawClient client(address);
    const std::string who = client.ask("GET", "/who").body;
    CHECK(who.starts_with(address.substr(0, address.rfind(':') + 1)));
    CHECK(!who.ends_with(" trusted"));
  }
}

TEST_CASE("an address that is taken, or of another machine, is refused") {
  HttpFixture fixture;
  ServerOptions taken;
  taken.addresses = {fixture.server->addresses().front()};
  const Error twice = start_error(fixture, taken);
  CHECK(twice.code() == Errc::kBadInput);
  CHECK(twice.message().find("another program listens there") != std::string::npos);
  ServerOptions foreign;
  foreign.addresses = {"192.0.2.1:0"};
  CHECK(start_error(fixture, foreign).message().find("no such address") != std::string::npos);
  ServerOptions nonsense;
  nonsense.addresses = {"nonsense"};
  CHECK(start_error(fixture, nonsense).code() == Errc::kBadInput);
  CHECK(fixture.client().ask("GET", "/hello").status == 200);
}

TEST_CASE("several servers with routes of their own run on one pool") {
  HttpFixture fixture;
  gateway::Routes others;
  others.add(boost::beast::http::verb::get, "/other",
             [](const std::shared_ptr<gateway::Exchange>& exchange) { exchange->respond({}); });
  ServerOptions options;
  options.addresses = {"127.0.0.1:0"};
  auto second = Server::start(fixture.pool, others, options);
  REQUIRE(second);
  RawClient client((*second)->addresses().front());
  CHECK(client.ask("GET", "/other").status == 200);
  CHECK(client.ask("GET", "/hello").status == 404);
  second->reset();
  CHECK(client.read_to_end().empty());
  CHECK(fixture.client().ask("GET", "/hello").status == 200);
}

TEST_CASE("a drained server has answered what was under way and closed what was idle") {
  ServerOptions options;
  options.limits = patient_limits();
  HttpFixture fixture(options);
  RawClient idle = fixture.client();
  CHECK(idle.ask("GET", "/hello").status == 200);
  RawClient busy = fixture.client();
  busy.send("GET /held?x HTTP/1.1\r\n\r\n");
  fixture.pool.await_held(1);
  RawClient reading = fixture.client();
  reading.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(reading.read(25).ends_with("\r\n\r\n"));

  auto drained = std::async(std::launch::async, [&] { return fixture.server->drain(20'000); });
  CHECK(idle.read_to_end().empty());
  CHECK(fixture.server->draining());
  // Each worker stops to accept by itself: one may be a little later.
  const auto refused = [&] {
    try {
      (void)fixture.client();
      return false;
    } catch (const std::exception&) {
      return true;
    }
  };
  while (!refused()) {
  }
  fixture.pool.release();
  const RawAnswer answer = busy.answer();
  CHECK(answer.body == "x");
  CHECK(answer.headers.at("connection") == "close");
  CHECK(busy.read_to_end().empty());
  reading.send("abc");
  CHECK(reading.answer().body == "abc");
  CHECK(drained.get());
  CHECK(fixture.server->counters().open == 0);
}

TEST_CASE("what is not done when the patience ends is cut off") {
  HttpFixture fixture;
  RawClient busy = fixture.client();
  busy.send("GET /held?x HTTP/1.1\r\n\r\n");
  fixture.pool.await_held(1);
  CHECK(!fixture.server->drain(10));
  CHECK(busy.read_to_end().empty());
  CHECK(fixture.server->counters().open == 0);
  fixture.server.reset();
  fixture.pool.release();  // an answer that nobody waits for any more
}

TEST_CASE("a server can end after the loops of its pool") {
  HttpFixture fixture;
  RawClient client = fixture.client();
  CHECK(client.ask("GET", "/hello").status == 200);
  fixture.pool.close(0);
  fixture.server.reset();
  CHECK(client.read_to_end().empty());
}

TEST_CASE("a server leaves no descriptor behind") {
  const std::size_t before = open_files();
  {
    TempFolder folder;
    ServerOptions options = on_unix(folder / "socket");
    options.addresses = {"127.0.0.1:0"};
    HttpFixture fixture(options);
    RawClient client = fixture.client();
    CHECK(client.ask("GET", "/hello").status == 200);
    RawClient held = fixture.client();
    held.send("GET /held HTTP/1.1\r\n\r\n");
    fixture.pool.await_held(1);
  }
  CHECK(open_files() == before);
}

TEST_CASE("the Unix socket is its owner's alone and its requests are trusted") {
  TempFolder folder;
  const fs::path path = folder / "socket";
  {
    HttpFixture fixture(on_unix(path));
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    RawClient client = RawClient::to_unix(path);
    CHECK(client.ask("GET", "/who").body == "unix:" + std::to_string(::getpid()) + " trusted");
  }
  CHECK(!fs::exists(path));
}

TEST_CASE("trusted requests have a limit of their own") {
  TempFolder folder;
  ServerOptions options = on_unix(folder / "socket");
  options.limits.body_bytes = 10;
  options.limits.trusted_body_bytes = 20;
  HttpFixture fixture(options);
  const auto status = [&](std::size_t bytes) {
    return RawClient::to_unix(folder / "socket")
        .ask("POST", "/echo", std::string(bytes, 'x'))
        .status;
  };
  CHECK(status(20) == 200);
  CHECK(status(21) == 413);
}

TEST_CASE("the socket of a dead daemon is replaced and that of a living one is not") {
  TempFolder folder;
  const fs::path path = folder / "socket";
  {
    const pid_t dead = ::fork();
    if (dead == 0) {
      const auto listener = gateway::http::UnixListener::open(path);
      ::_exit(listener ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(dead, &status, 0) == dead);
    REQUIRE(status == 0);
    REQUIRE(fs::exists(path));
    HttpFixture fixture(on_unix(path));
    CHECK(RawClient::to_unix(path).ask("GET", "/hello").status == 200);
    const Error second = start_error(fixture, on_unix(path));
    CHECK(second.code() == Errc::kBusy);
    CHECK(RawClient::to_unix(path).ask("GET", "/hello").status == 200);
    CHECK(fs::exists(path));
  }
  CHECK(!fs::exists(path));
}

TEST_CASE("a file that is no socket is not touched") {
  TempFolder folder;
  write_text(folder / "file", "precious");
  HttpFixture fixture;
  const Error error = start_error(fixture, on_unix(folder / "file"));
  CHECK(error.code() == Errc::kBadInput);
  CHECK(error.message().find("is no socket") != std::string::npos);
  CHECK(read_text(folder / "file") == "precious");
  CHECK(start_error(fixture, on_unix(folder / std::string(200, 'x'))).code() == Errc::kBadInput);
  CHECK(start_error(fixture, on_unix("/nonexistent/socket")).sys_errno() == ENOENT);
}

TEST_CASE("another user's process is not served even if it can connect") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can become another user");
    return;
  }
  TempFolder folder;
  const fs::path path = folder / "socket";
  HttpFixture fixture(on_unix(path));
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(path, fs::perms::all);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setuid(65534) != 0) ::_exit(2);
    RawClient client = RawClient::to_unix(path);
    (void)client.try_send("GET /hello HTTP/1.1\r\n\r\n");
    ::_exit(client.answer().status == 0 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(fixture.server->counters().refused == 1);
}

}  // namespace

#include "gateway/client.h"
#include "gateway/functions/detail.h"
#include "gateway/functions/ids.h"
#include "tests/gateway/function_routes_fixture.h"

namespace {

using namespace fw;
using namespace fw::testing;

TEST_CASE("the body is the arguments and the answer the result") {
  FunctionRoutesFixture fixture;
  const RawAnswer answer = fixture.ask("POST", "/invoke/echo", R"( {"a" : [1, 2.0]} )");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"( {"a" : [1, 2.0]} )");
  CHECK(answer.headers.at("content-type") == "application/json");
  CHECK(answer.headers.at("x-fwrun-tier") == "hot");
  CHECK(answer.headers.at("x-fwrun-version") == "7");
  CHECK(answer.headers.at("server-timing") ==
        "start;dur=0.100, handler;dur=0.150, total;dur=0.300");
  CHECK(fixture.ask("POST", "/invoke/echo").body == "{}");
  CHECK(fixture.log.find(answer.headers.at("x-request-id")).has_value());
}

TEST_CASE("what is no JSON is refused before anything is invoked") {
  FunctionRoutesFixture fixture;
  const RawAnswer answer = fixture.ask("POST", "/invoke/echo", "{'a': 1}");
  CHECK(answer.status == 400);
  CHECK(fixture.json(answer)["code"] == "bad_input");
  CHECK(fixture.json(answer)["error"].get<std::string>().starts_with(
      "the body: not JSON: line 1, column 2"));
}

TEST_CASE("each ending and each refusal has its status") {
  FunctionRoutesFixture fixture;
  const RawAnswer error = fixture.ask("POST", "/invoke/error");
  CHECK(error.status == 500);
  CHECK(error.body == R"({"errorType":"Error"})");
  CHECK(error.headers.at("x-fwrun-error") == "function");
  CHECK(fixture.ask("POST", "/invoke/timeout").status == 504);
  const RawAnswer busy = fixture.ask("POST", "/invoke/busy");
  CHECK(busy.status == 429);
  CHECK(busy.headers.at("retry-after") == "1");
  CHECK(busy.headers.count("x-request-id") == 1);
  CHECK(fixture.ask("POST", "/invoke/closing").status == 503);
  CHECK(fixture.ask("POST", "/invoke/unknown").status == 404);
  CHECK(fixture.ask("POST", "/invoke/..%2F..%2Fetc").status == 404);
  CHECK(fixture.ask("GET", "/invoke/echo").status == 405);
}

TEST_CASE("a caller may name its request, within limits") {
  FunctionRoutesFixture fixture;
  const auto id_for = [&](const std::string& id) {
    const RawAnswer answer =
        fixture.ask("POST", "/invoke/context", "1", "X-Request-Id: " + id + "\r\n");
    CHECK(fixture.json(answer)["request_id"] == answer.headers.at("x-request-id"));
    return answer.headers.at("x-request-id");
  };
  CHECK(id_for("My.request_1-2") == "My.request_1-2");
  CHECK(id_for(std::string(63, 'x')) == std::string(63, 'x'));
  CHECK(id_for(std::string(64, 'x')).size() == 36);
  CHECK(id_for("with blank").size() == 36);
  CHECK(id_for("\"").size() == 36);
}

TEST_CASE("a trace is passed on with a span of its own") {
  FunctionRoutesFixture fixture;
  const auto context_for = [&](const std::string& headers) {
    const auto seen = fixture.json(fixture.ask("POST", "/invoke/context", "{}", headers));
    const std::string text = seen["call_context"];
    return text.empty() ? nlohmann::json() : nlohmann::json::parse(text);
  };
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto context = context_for("traceparent: " + parent + "\r\ntracestate: a=\"b\\\"\r\n");
  const std::string child = context["traceparent"];
  CHECK(child.size() == parent.size());
  CHECK(child.substr(0, 36) == parent.substr(0, 36));
  CHECK(child.substr(36, 16) != parent.substr(36, 16));
  CHECK(child.substr(52) == "-01");
  CHECK(context["tracestate"] == "a=\"b\\\"");
  CHECK(context_for("").is_null());
  CHECK(context_for("traceparent: 00-0-0-0\r\ntracestate: a=b\r\n").is_null());
  CHECK(context_for("traceparent: 01" + parent.substr(2) + "-more\r\n")["traceparent"]
            .get<std::string>()
            .starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
}

TEST_CASE("a trusted caller gets all that is known when it asks for it") {
  FunctionRoutesFixture fixture;
  const RawAnswer stranger = fixture.ask("POST", "/invoke/error", "{}", "X-Fwrun-Detail: 1\r\n");
  CHECK(stranger.status == 500);
  CHECK(stranger.body == R"({"errorType":"Error"})");

  const auto answer = gateway::request_over_unix_socket(
      fixture.socket, "POST", "/invoke/error", {{"X-Fwrun-Detail", "1"}, {"X-Request-Id", "r1"}},
      "{}", 20'000);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->header("x-request-ID") == "r1");
  const auto served = gateway::functions::from_json(answer->body);
  REQUIRE(served);
  CHECK(served->invoked.ending == store::Ending::kError);
  CHECK(served->invoked.body == R"({"errorType":"Error"})");
  CHECK(served->invoked.tier == "hot");
  CHECK(served->invoked.request_id == "r1");
  CHECK(served->version == 7);
}

TEST_CASE("nothing of an invocation is lost on its way through JSON") {
  pool::Served served;
  store::Invoked& invoked = served.invoked;
  invoked.ending = store::Ending::kTimedOut;
  invoked.body = "{\"text\":\"\\u20ac \xe2\x82\xac\"}";
  invoked.tier = "fork";
  invoked.boot = args::Boot::kResetScan;
  invoked.request_id = "id";
  for (std::size_t i = 0; i < invoked.timeline.size(); ++i) invoked.timeline[i] = ~i;
  invoked.received_ns = 1;
  invoked.minor_faults = 2;
  invoked.major_faults = 3;
  invoked.reset_pages = 4;
  invoked.logs = {{args::Stream::kStdout, "text\n"},
                  {args::Stream::kStderr, std::string("\xff\x00\x80 bytes", 9)}};
  invoked.log_bytes_dropped = 5;
  invoked.jit = args::Jit::kLost;
  invoked.jit_notes = {"{}", "note"};
  served.version = 6;
  served.memory_mb = 7;
  served.billed_ms = 8.25;
  served.restore_ms = 9.5;
  served.private_bytes = 10;

  const auto back = gateway::functions::from_json(gateway::functions::to_json(served));
  REQUIRE_MESSAGE(back, back.error().message());
  CHECK(back->invoked.ending == invoked.ending);
  CHECK(back->invoked.body == invoked.body);
  CHECK(back->invoked.tier == invoked.tier);
  CHECK(back->invoked.boot == invoked.boot);
  CHECK(back->invoked.request_id == invoked.request_id);
  CHECK(back->invoked.timeline == invoked.timeline);
  CHECK(back->invoked.received_ns == 1);
  CHECK(back->invoked.minor_faults == 2);
  CHECK(back->invoked.major_faults == 3);
  CHECK(back->invoked.reset_pages == 4);
  REQUIRE(back->invoked.logs.size() == 2);
  for (int i = 0; i < 2; ++i) {
    CHECK(back->invoked.logs[i].stream == invoked.logs[i].stream);
    CHECK(back->invoked.logs[i].text == invoked.logs[i].text);
  }
  CHECK(back->invoked.log_bytes_dropped == 5);
  CHECK(back->invoked.jit == invoked.jit);
  CHECK(back->invoked.jit_notes == invoked.jit_notes);
  CHECK(back->version == 6);
  CHECK(back->memory_mb == 7);
  CHECK(back->billed_ms == 8.25);
  CHECK(back->restore_ms == 9.5);
  CHECK(back->private_bytes == 10);

  std::string other = gateway::functions::to_json(served);
  other.replace(other.find("timed_out"), 9, "exploded!");
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("{}"), other}) {
    const auto refused = gateway::functions::from_json(bad);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::kInternal);
    CHECK(refused.error().message().find("of another version") != std::string::npos);
  }
}

TEST_CASE("the client tells whether there is a daemon and whether it answered") {
  FunctionRoutesFixture fixture;
  const auto ask = [&](const std::filesystem::path& path, std::string_view target,
                       std::uint64_t timeout_ms, std::string_view body = "{}") {
    return gateway::request_over_unix_socket(path, "POST", target, {}, body, timeout_ms);
  };
  CHECK(ask(fixture.folder / "none", "/invoke/echo", 20'000).error().code() == Errc::kNotFound);
  CHECK(ask(std::string(200, 'x'), "/invoke/echo", 20'000).error().code() == Errc::kNotFound);
  CHECK(ask(fixture.socket, "/invoke/held", 30).error().code() == Errc::kTimeout);
  fixture.pool.release();
  const std::string large = "\"" + std::string(5'000'000, 'x') + "\"";
  CHECK(ask(fixture.socket, "/invoke/echo", 20'000, large)->body == large);
  CHECK(ask(fixture.socket, "/invoke/echo", 20'000, std::string(68'000'000, ' '))->status == 413);
}

TEST_CASE("made ids differ and look like those of the store") {
  CHECK(gateway::functions::make_request_id() != gateway::functions::make_request_id());
  const std::string id = gateway::functions::make_request_id();
  CHECK(id.size() == 36);
  CHECK(id[14] == '4');
  CHECK(gateway::functions::valid_request_id(id));
  CHECK(!gateway::functions::valid_request_id(""));
  // More than are fetched at once.
  for (int i = 0; i < 1000; ++i) CHECK(gateway::functions::make_span_id().size() == 16);
}

TEST_CASE("health is told, also while the server drains") {
  FunctionRoutesFixture fixture;
  CHECK(fixture.ask("GET", "/healthz").body == R"({"status":"ok"})");
  RawClient client(fixture.server->addresses().front());
  client.send("POST /invoke/held HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n");
  fixture.pool.await_held(1);
  RawClient other(fixture.server->addresses().front());
  other.send("GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
  CHECK(other.read(25).ends_with("\r\n\r\n"));
  std::thread drain([&] { fixture.server->drain(20'000); });
  while (!fixture.server->draining()) std::this_thread::yield();
  other.send("x");
  const RawAnswer health = other.answer();
  CHECK(health.status == 503);
  CHECK(health.body == R"({"status":"draining"})");
  fixture.pool.release();
  CHECK(client.answer().status == 200);
  drain.join();
}

}  // namespace

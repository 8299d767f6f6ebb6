// Listing and changing what is installed, without a language host: failures of installs,
// rights, policies, removal. Real installs are in tests/gateway/serving_test.cc.
#include <fstream>

#include "gateway/functions/sources.h"
#include "pool/policy.h"
#include "tests/gateway/function_routes_fixture.h"

namespace {

namespace fs = std::filesystem;

using namespace fw;
using namespace fw::testing;

const std::string kToken = "Authorization: Bearer secret\r\n";
const std::string kJson = "Content-Type: application/json\r\n";

TEST_CASE("functions are listed with what was counted") {
  FunctionRoutesFixture fixture;
  REQUIRE(install_text(fixture.home, "one", "a"));
  REQUIRE(install_text(fixture.home, "one", "b"));
  REQUIRE(install_text(fixture.home, "two", "c"));
  fs::remove(fixture.home.current("two") / store::kManifestFile);
  pool::PoolStats stats;
  stats.functions["one"].results = 3;
  stats.functions["one"].by_tier[0] = 2;
  fixture.pool.set_stats(stats);

  const auto list = fixture.json(fixture.ask("GET", "/functions"))["functions"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["name"] == "one");
  CHECK(list[0]["version"] == 2);
  CHECK(list[0]["runtime"] == "test");
  CHECK(list[0]["stats"]["results"] == 3);
  CHECK(list[0]["stats"]["by_tier"]["hot"] == 2);
  CHECK(list[1].contains("problem"));

  const auto one = fixture.json(fixture.ask("GET", "/functions/one"));
  CHECK(one["function"]["entry"] == "/b");
  CHECK(one["versions"] == nlohmann::json({1, 2}));
  CHECK(one["policy"]["reuse"] == "reset");
  CHECK(one["stats"]["results"] == 3);

  const RawAnswer unknown = fixture.ask("GET", "/functions/onne");
  CHECK(unknown.status == 404);
  CHECK(fixture.json(unknown)["error"].get<std::string>().find("one") != std::string::npos);
}

TEST_CASE("only who is trusted or has the token may change anything") {
  FunctionRoutesFixture fixture;
  REQUIRE(install_text(fixture.home, "one", "a"));
  const std::string change = R"({"max_clones": 5})";
  for (const std::string_view headers :
       {"", "Authorization: Bearer wrong\r\n", "Authorization: Bearer secre\r\n",
        "Authorization: Bearer secret1\r\n", "Authorization: Bearer\r\n",
        "Authorization: Basic secret\r\n"}) {
    CAPTURE(std::string(headers));
    const RawAnswer refused = fixture.ask("PUT", "/functions/one/policy", change, headers);
    CHECK(refused.status == 401);
    CHECK(refused.headers.at("www-authenticate") == "Bearer");
    CHECK(fixture.ask("DELETE", "/functions/one", {}, headers).status == 401);
    CHECK(fixture.ask("PUT", "/functions/one", "{}", headers).status == 401);
  }
  CHECK(current_mark(fixture.home, "one") == "a");
  CHECK(pool::load_policy(fixture.home, "one")->max_clones == 256);
  CHECK(fixture.ask("PUT", "/functions/one/policy", change, kToken).status == 200);
  CHECK(fixture.ask_trusted("PUT", "/functions/one/policy", R"({"idle_ms": 7})").status == 200);
  const pool::Policy policy = pool::load_policy(fixture.home, "one").value();
  CHECK(policy.max_clones == 5);
  CHECK(policy.idle_ms == 7);
  CHECK(fixture.json(fixture.ask("GET", "/functions/one/policy"))["max_clones"] == 5);
}

TEST_CASE("without a token nobody but the trusted may change anything") {
  FakePool pool(1, store::Home("/nonexistent"));
  gateway::Routes routes;
  gateway::functions::FunctionRoutes functions(routes, {&pool, nullptr, "", nullptr});
  auto exchange = std::make_shared<gateway::Exchange>();
  exchange->request.method = boost::beast::http::verb::delete_;
  exchange->request.path = "/functions/one";
  exchange->request.headers.set("Authorization", "Bearer ");
  unsigned status = 0;
  exchange->respond = [&](const gateway::Response& response) { status = response.status; };
  routes.dispatch(exchange);
  CHECK(status == 403);
}

TEST_CASE("a policy that makes no sense is refused and the old one stays") {
  FunctionRoutesFixture fixture;
  REQUIRE(install_text(fixture.home, "one", "a"));
  for (const char* const bad :
       {"", "[]", "{", R"({"max_clones": -1})", R"({"max_clones": "5"})", R"({"max_clones": 0})",
        R"({"max_clones": 4294967296})", R"({"reuse": "sometimes"})", R"({"reuse": 1})",
        R"({"max_clone": 1})", R"({"min_clones": 9, "max_clones": 5})"}) {
    CAPTURE(std::string(bad));
    CHECK(fixture.ask("PUT", "/functions/one/policy", bad, kToken).status == 400);
  }
  CHECK(fixture.ask("PUT", "/functions/none/policy", "{}", kToken).status == 404);
  CHECK(fixture.ask("GET", "/functions/none/policy").status == 404);
  CHECK(!fs::exists(fixture.home.function("one") / "policy.json"));
}

TEST_CASE("a function is removed with the sources that were uploaded for it") {
  FunctionRoutesFixture fixture;
  const gateway::functions::Sources sources(fixture.home);
  REQUIRE(install_text(fixture.home, "one", "a"));
  REQUIRE(sources.keep("one", "handler.js", "text"));
  CHECK(fixture.ask("DELETE", "/functions/one", {}, kToken).status == 200);
  CHECK(fixture.ask("DELETE", "/functions/one", {}, kToken).status == 404);
  CHECK(!fs::exists(fixture.home.function("one")));
  CHECK(!fs::exists(fixture.home.root() / "sources" / "one"));
  CHECK(fixture.ask("DELETE", "/functions/..%2F..", {}, kToken).status == 404);
}

TEST_CASE("sources stay while a version needs them") {
  TempFolder folder;
  const store::Home home = make_home(folder / "home");
  const gateway::functions::Sources sources(home);
  const fs::path kept = sources.keep("one", "handler.js", "kept").value();
  const fs::path other = sources.keep("one", "handler.js", "other").value();
  const fs::path gone = sources.keep("gone", "handler.py", "gone").value();
  CHECK(kept != other);
  CHECK(read_text(kept) == "kept");
  CHECK((fs::status(kept).permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  REQUIRE(install_text(home, "one", kept.native().substr(1)));
  sources.sweep();
  CHECK(fs::exists(kept));
  CHECK(!fs::exists(other));
  CHECK(!fs::exists(gone));
  CHECK(!fs::exists(gone.parent_path().parent_path()));
  write_text(home.versions("one") / "1" / store::kManifestFile, "damaged");
  sources.sweep();
  CHECK(fs::exists(kept));
}

TEST_CASE("an install that asks for nonsense is told what is wrong") {
  FunctionRoutesFixture fixture;
  const auto error = [&](std::string_view target, std::string_view body, const std::string& type) {
    const RawAnswer answer =
        fixture.ask("PUT", target, body, kToken + "Content-Type: " + type + "\r\n");
    CHECK(answer.status == 400);
    return fixture.json(answer)["error"].get<std::string>();
  };
  const std::string json = "application/json";
  CHECK(error("/functions/f", "x", "text/plain").starts_with("Content-Type must be"));
  CHECK(error("/functions/f", "[]", json) == "the body must be a JSON object");
  CHECK(error("/functions/f", "{}", json).starts_with("'source' is missing"));
  CHECK(error("/functions/f", R"({"source": "a.js"})", json) ==
        "'source' must be an absolute path");
  CHECK(error("/functions/f", R"({"sourc": "/a.js"})", json) == "'sourc' is not known here");
  CHECK(error("/functions/f", R"({"source": "/a", "memory_mb": 0})", json) ==
        "'memory_mb' must be a whole number above 0");
  CHECK(error("/functions/f", R"({"source": "/a", "environment": {"A": 1}})", json) ==
        "'environment.A' must be a text");
  CHECK(error("/functions/f", R"({"source": "/a", "training": {}})", json) ==
        "'training' must be an array of events");
  CHECK(error("/functions/f", R"({"source": "/a", "jit_tolerance": 1})", json) ==
        "'jit_tolerance' must be from 0 to below 1");
  CHECK(error("/functions/f", R"({"source": "/a", "auto_jit": 1})", json) ==
        "'auto_jit' must be true or false");
  CHECK(error("/functions/f?timeout_ms=x", "", "text/javascript") ==
        "'timeout_ms' must be a whole number above 0");
  CHECK(error("/functions/f?source=%2Fa", "", "text/javascript").starts_with("'source' is not"));
  CHECK(error("/functions/f?handler=%", "", "text/x-python").find("percent-encoded") !=
        std::string::npos);
  CHECK(error("/functions/.f", "", "text/x-python").find("cannot be the name") !=
        std::string::npos);
}

TEST_CASE("a failed install leaves nothing of its upload") {
  FunctionRoutesFixture fixture;
  const RawAnswer missing =
      fixture.ask("PUT", "/functions/f", R"({"source": "/nonexistent/a.js"})", kToken + kJson);
  CHECK(missing.status == 422);
  CHECK(fixture.json(missing)["code"] == "bad_input");
  const RawAnswer environment =
      fixture.ask("PUT", "/functions/f?handler=no%20name", "exports.handler = (",
                  kToken + "Content-Type: text/javascript\r\n");
  CHECK(environment.status >= 422);
  CHECK(!fs::exists(fixture.home.root() / "sources" / "f"));
  CHECK(fixture.json(fixture.ask("GET", "/functions"))["functions"].empty());
}

}  // namespace

#include "gateway/openwhisk/action.h"

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "gateway/openwhisk/output.h"
#include "store/read.h"
#include "tests/gateway/fake_pool.h"
#include "tests/store/temp_folder.h"

namespace {

using namespace fw;
using namespace fw::gateway;
using nlohmann::json;

// A container on a fake pool, whose output is kept.
class Container {
 public:
  explicit Container(const std::string& function) : action_(pool_.home(), log, options(function)) {
    action_.add_routes(routes_);
  }

  Response post(const std::string& path, const std::string& body) {
    auto exchange = std::make_shared<Exchange>();
    exchange->request.method = boost::beast::http::verb::post;
    exchange->request.target = path;
    exchange->request.path = exchange->request.target;
    exchange->request.body = body;
    exchange->worker = pool_.workers().front();
    std::promise<Response> promise;
    std::future<Response> answered = promise.get_future();
    exchange->respond = [&promise](Response response) { promise.set_value(std::move(response)); };
    routes_.dispatch(std::move(exchange));
    REQUIRE(answered.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    return answered.get();
  }

  std::string out() const { return text_of(out_); }
  std::string err() const { return text_of(err_); }

  logs::InvocationLog log;

 private:
  openwhisk::ActionOptions options(const std::string& function) const {
    openwhisk::ActionOptions chosen;
    chosen.function = function;
    chosen.folder = folder_ / "";
    chosen.out_fd = out_.get();
    chosen.err_fd = err_.get();
    return chosen;
  }
  static std::string text_of(const UniqueFd& fd) {
    std::size_t cut = 0;
    return store::read_head(fd.get(), 1U << 20, cut).value();
  }

  fw::testing::TempFolder folder_;
  UniqueFd out_ = create_memfd("out").value();
  UniqueFd err_ = create_memfd("err").value();
  fw::testing::FakePool pool_{1};
  Routes routes_;
  openwhisk::OpenWhiskAction action_;
};

std::string error_in(const Response& response) { return json::parse(response.body).at("error"); }

TEST_CASE("an installed function is initialised once and run often") {
  Container container("echo");
  const Response first = container.post("/init", R"({"value":{"name":"n","main":"main"}})");
  CHECK(first.status == 200);
  CHECK(first.body == R"({"ok":true})");
  CHECK(container.out().empty());

  for (const char* const value : {"{}", R"({"a":1.50})", "[1]"}) {
    const Response run = container.post("/run", "{\"value\":" + std::string(value) + "}");
    CHECK(run.status == 200);
    CHECK(run.body == value);
  }
  const std::string sentinel(openwhisk::kSentinel);
  CHECK(container.out() == sentinel + sentinel + sentinel);
  CHECK(container.err() == sentinel + sentinel + sentinel);

  const Response again = container.post("/init", "{}");
  CHECK(again.status == 403);
  CHECK(error_in(again) == "Cannot initialize the action more than once.");
  CHECK(container.post("/run", R"({"value":{}})").status == 200);
}

TEST_CASE("an installed function needs no body to be initialised") {
  Container container("echo");
  CHECK(container.post("/init", "").status == 200);
}

TEST_CASE("a container is not run before it was initialised") {
  Container container("echo");
  const Response refused = container.post("/run", "{}");
  CHECK(refused.status == 403);
  CHECK(error_in(refused).starts_with("System not ready"));
  CHECK(container.out().empty());  // no activation, no sentinel
  CHECK(container.post("/init", "{}").status == 200);
  CHECK(container.post("/run", "{}").status == 200);
}

TEST_CASE("the environment is that of the container and of the activation") {
  Container container("context");
  container.post("/init", R"({"value":{"env":{"__OW_API_HOST":"host","N":7}}})");
  const Response run = container.post("/run", R"({"value":{},"activation_id":"id-1"})");
  const json told = json::parse(json::parse(run.body)["call_context"].get<std::string>());
  CHECK(told["environment"] ==
        json{{"__OW_API_HOST", "host"}, {"N", "7"}, {"__OW_ACTIVATION_ID", "id-1"}});
  CHECK(json::parse(run.body)["request_id"] == "id-1");
  CHECK(container.log.find("id-1"));
}

TEST_CASE("what fails is 502, with the reason on standard error") {
  const std::string sentinel(openwhisk::kSentinel);
  for (const char* const function : {"error", "timeout", "busy", "nobody"}) {
    CAPTURE(function);
    Container container(function);
    container.post("/init", "{}");
    const Response run = container.post("/run", "{}");
    CHECK(run.status == 502);
    CHECK(container.err() == error_in(run) + "\n" + sentinel);
    CHECK(container.out() == sentinel);
  }
}

TEST_CASE("bodies that are no objects are refused") {
  Container container("echo");
  CHECK(container.post("/init", "nonsense").status == 400);
  CHECK(container.post("/init", "{}").status == 200);
  CHECK(container.post("/run", "").status == 400);
  CHECK(container.post("/run", "[]").status == 400);
}

TEST_CASE("without an installed function there has to be code") {
  Container container("");
  for (const char* const body :
       {"{}", R"({"value":{}})", R"({"value":{"main":"main"}})", R"({"value":{"code":"x"}})",
        R"({"value":{"main":"main","code":7}})"}) {
    CAPTURE(body);
    const Response refused = container.post("/init", body);
    CHECK(refused.status == 403);
    CHECK(error_in(refused) == "Missing main/no code to execute.");
  }
  const Response binary =
      container.post("/init", R"({"value":{"main":"main","code":"UEsD","binary":true}})");
  CHECK(binary.status == 502);
  CHECK(error_in(binary).find("binary code (a zip file) is not supported") != std::string::npos);
}

TEST_CASE("output ends with the sentinel on a line of its own") {
  const UniqueFd out = create_memfd("out").value();
  const UniqueFd err = create_memfd("err").value();
  openwhisk::Output output(out.get(), err.get());
  store::Invoked invoked;
  invoked.logs = {{args::Stream::kStdout, "one"},
                  {args::Stream::kStderr, "two"},
                  {args::Stream::kStdout, "three"}};
  output.write(invoked, "four\n");
  std::size_t cut = 0;
  const std::string sentinel(openwhisk::kSentinel);
  CHECK(store::read_head(out.get(), 1000, cut).value() == "onethree\n" + sentinel);
  CHECK(store::read_head(err.get(), 1000, cut).value() == "two\nfour\n" + sentinel);
}

}  // namespace

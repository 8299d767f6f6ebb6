// Compiled code in images: its receipt, whether an invocation ran it, and what happens to
// a call that it does not fit.
#include <filesystem>

#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// The line of the receipt for a function of the version that was installed last.
json receipt_of(const Installation& fwrun, const std::string& name, const std::string& function) {
  const json shown = fwrun.command({"--show", name, "--json"}).run().json();
  for (const json& line : shown["function"]["jit"]) {
    if (line["name"] == function) return line;
  }
  FAIL("the manifest of ", name, " has no line for ", function, ": ", shown.dump());
  return {};
}

}  // namespace

TEST_CASE("An image carries what Numba compiled: no invocation compiles, and each says so") {
  const Installation fwrun;
  install_python(fwrun, "jit_annotated");
  const json line = receipt_of(fwrun, "jit_annotated", "total");
  CHECK(line["tier"] == "numba");
  CHECK(line["optimised"] == true);
  CHECK(line["annotated"] == true);
  CHECK(line["signatures"] == json{"(int64, int64) -> int64"});
  CHECK(line["code_bytes"] > 0);
  CHECK(line["before_us"] > 0);
  CHECK(line["after_us"] > 0);
  for (int i = 0; i < 3; ++i) {
    const json answer = fwrun.invoke("jit_annotated", {{"n", 1000}, {"x", i}});
    CHECK(answer["result"] == json{{"value", 999 + i}, {"compiled", 0}});
    CHECK(answer["post_jit"] == true);
    CHECK(answer["deoptimised"] == json::array());
  }
  for (const auto& entry : std::filesystem::directory_iterator(fixture(in_python("")))) {
    CHECK(entry.path().filename() != "__pycache__");
  }
}

TEST_CASE("A call of Numba's function with other types than training's is told") {
  const Installation fwrun;
  install_python(fwrun, "jit_annotated");
  const json answer = fwrun.invoke("jit_annotated", {{"n", 10}, {"x", 0.5}});
  CHECK(answer["result"] == json{{"value", 9.5}, {"compiled", 1}});
  CHECK(answer["post_jit"] == false);
  REQUIRE(answer["deoptimised"].size() == 1);
  CHECK(answer["deoptimised"][0]["function"] == "total");
  CHECK(contains(answer["deoptimised"][0]["reason"], "(int64, float64)"));
}

TEST_CASE("A function that is compiled after the restore for the first time is told") {
  const Installation fwrun;
  install_python(fwrun, "jit_not_called");
  CHECK(fwrun.invoke("jit_not_called")["post_jit"].is_null());
  const json answer = fwrun.invoke("jit_not_called", {{"x", 1}});
  CHECK(answer["result"] == 2);
  CHECK(answer["post_jit"] == false);
  CHECK(contains(answer["deoptimised"].dump(), "never"));
}

TEST_CASE("Functions that nobody annotated are compiled where that is safe") {
  const Installation fwrun;
  install_python(fwrun, "jit_automatic");
  const json mix = receipt_of(fwrun, "jit_automatic", "mix");
  CHECK(mix["tier"] == "numba-auto");
  CHECK(mix["optimised"] == true);
  CHECK(mix["annotated"] == false);
  CHECK(mix["after_us"].get<double>() < mix["before_us"].get<double>());
  const json counts = receipt_of(fwrun, "jit_automatic", "counts");
  CHECK(counts["optimised"] == false);
  CHECK(contains(counts["reason"], "global"));

  const json fits = fwrun.invoke("jit_automatic", {{"x", 5}});
  CHECK(fits["post_jit"] == true);
  CHECK(fits["deoptimised"] == json::array());

  // Without it, the very same.
  const json plain = install_python(fwrun, "jit_automatic", {"--name", "plain", "--no-auto-jit"});
  CHECK(plain["report"]["functions"] == json::array());
  const json interpreted = fwrun.invoke("plain", {{"x", 5}});
  CHECK(interpreted["post_jit"].is_null());
  CHECK(interpreted["result"]["mixed"] == fits["result"]["mixed"]);
  CHECK(interpreted["result"]["power"] == fits["result"]["power"]);
}

TEST_CASE("What compiled code cannot do as Python does, the interpreter does, and it is told") {
  const Installation fwrun;
  install_python(fwrun, "jit_automatic");
  REQUIRE(receipt_of(fwrun, "jit_automatic", "power")["tier"] == "numba-auto");
  const json large = fwrun.invoke("jit_automatic", {{"x", 5}, {"base", 10}, {"n", 19}});
  CHECK(large["result"]["power"].dump() == "10000000000000000000");
  CHECK(large["post_jit"] == false);
  CHECK(contains(large["deoptimised"].dump(), "power"));

  const json floats = fwrun.invoke("jit_automatic", {{"x", 5}, {"base", 1.5}, {"n", 5}});
  CHECK(floats["result"]["power"] == 7.59375);
  CHECK(floats["post_jit"] == false);
  CHECK(contains(floats["deoptimised"].dump(), "(float, int)"));

  const json text = fwrun.error("jit_automatic", {{"x", 5}, {"base", "1"}});
  CHECK(text["errorType"] == "TypeError");
  CHECK(contains(text["stackTrace"].dump(), "result = result * base"));
}

TEST_CASE("V8's losses are told with the function and the reason") {
  const Installation fwrun;
  fwrun.install("hello.js");
  CHECK(fwrun.invoke("hello", {{"name", "you"}})["post_jit"] == true);
  const json answer = fwrun.invoke("hello", {{"name", 5}});
  CHECK(answer["result"]["greeting"] == "Hello, 5!");
  CHECK(answer["post_jit"] == false);
  REQUIRE(answer["deoptimised"].size() >= 1);
  CHECK(contains(answer["deoptimised"][0]["function"], "handler"));
  CHECK_FALSE(answer["deoptimised"][0]["reason"].get<std::string>().empty());
}

TEST_CASE("--require-jit refuses annotated functions that are not compiled") {
  const Installation fwrun;
  for (const std::string& source :
       {std::string("jit_not_called.js"), in_python("jit_not_called.py")}) {
    CAPTURE(source);
    const Finished refused = fwrun.try_install(source, {"--name", "refused", "--require-jit"});
    CHECK(refused.code == 6);
    const json error = refused.json()["error"];
    CHECK(error["errorType"] == "Jit.NotOptimised");
    REQUIRE(error["functions"].size() == 1);
    CHECK(contains(error["message"], "never"));
    CHECK(contains(error["message"], "jit_not_called"));
    CHECK(fwrun.command({"--invoke", "refused"}).run().code == 4);
    CHECK(fwrun.try_install(source, {"--name", "accepted"}).code == 0);
  }
  install_python(fwrun, "jit_required", {"--require-jit"});
  CHECK(fwrun.invoke("jit_required", {{"x", 21}})["result"] == 42);
}

TEST_CASE("Training with one type of a field only is warned of") {
  const Installation fwrun;
  const json warnings = install_python(fwrun, "jit_required")["report"]["warnings"];
  CHECK(contains(warnings.dump(), "event.x"));
}

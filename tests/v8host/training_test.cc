// Training: its events, and what goes wrong in it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/function_host.h"

using fw::test::HostOptions;
using fw::test::OneFile;
using fw::test::trained_with;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Remembers each event it was called with.
constexpr std::string_view kRemembers = R"js(
  const seen = new Set();
  exports.handler = (event) => { if (event.ask) return [...seen]; seen.add(JSON.stringify(event)); };
)js";

std::string seen_by(const OneFile& function) {
  const auto seen = nlohmann::json::parse(function.installed.result(R"({"ask": true})"));
  std::string text;
  for (const auto& event : seen) text += event.get<std::string>() + " ";
  return text;
}

}  // namespace

TEST_CASE("Without events a function is trained with an empty object") {
  const OneFile function(kRemembers);
  CHECK(seen_by(function) == "{} ");
  CHECK(function.installed.report().training.events == 1);
  CHECK(function.installed.report().training.rounds > 10);
}

TEST_CASE("Training uses the events given at the install") {
  const OneFile function(kRemembers, trained_with(R"([{"a": "1"}, {"a": 2}])"));
  CHECK(seen_by(function) == R"({"a":"1"} {"a":2} )");
  CHECK(function.installed.report().training.events == 2);
}

TEST_CASE("Training uses exported events, an array or a function that makes one") {
  CHECK(seen_by(OneFile(std::string(kRemembers) + "exports.warmup = [{ w: 1 }];")) ==
        R"({"w":1} )");
  CHECK(seen_by(OneFile(std::string(kRemembers) + "exports.warmup = async () => [{ w: 2 }];")) ==
        R"({"w":2} )");
}

TEST_CASE("Events given at the install win over exported ones") {
  CHECK(seen_by(OneFile(std::string(kRemembers) + "exports.warmup = [{ w: 1 }];",
                        trained_with(R"([{"given": 1}])"))) == R"({"given":1} )");
}

TEST_CASE("The report holds a probe whose answer is the trained one") {
  const OneFile stable("exports.handler = (e) => ({ n: e.n * 2 });",
                       trained_with(R"([{"n": 4}, {"n": 5}])"));
  const fw::embed::Probe& probe = stable.installed.report().training.probe;
  CHECK(probe.event == R"({"n":4})");
  CHECK(probe.result == R"({"n":8})");
  CHECK(probe.stable);
  CHECK(stable.installed.result(probe.event) == probe.result);
  const OneFile varying("exports.handler = () => Math.random();");
  CHECK_FALSE(varying.installed.report().training.probe.stable);
}

TEST_CASE("The first call is told apart from the steady one") {
  const OneFile function(R"js(
    let first = true;
    exports.handler = () => {
      const until = Date.now() + (first ? 30 : 0);
      first = false;
      while (Date.now() < until);
    };
  )js");
  const fw::embed::TrainingReport& training = function.installed.report().training;
  CHECK(training.first_call_us > 20000);
  CHECK(training.steady_call_us < training.first_call_us);
}

TEST_CASE("An event larger than a slot can be trained with") {
  const std::string large(std::size_t{2} << 20, 'x');
  const OneFile function("exports.handler = (event) => event.text.length;",
                         trained_with(R"([{"text": ")" + large + "\"}]"));
  CHECK(function.installed.result(R"({"text": "abc"})") == "3");
}

TEST_CASE("Events that are not JSON, no array, or empty are errors") {
  const auto type_and_message = [](std::string events) {
    const OneFile function("exports.handler = () => 1;", trained_with(std::move(events)));
    CHECK(function.installed.error().error_type == "Training.BadEvents");
    return function.installed.error().error_message;
  };
  CHECK(contains(type_and_message("[{]"), "not JSON"));
  CHECK(contains(type_and_message("{}"), "must be an array"));
  CHECK(contains(type_and_message("[]"), "at least one"));
}

TEST_CASE("Exported events that cannot be used are errors") {
  const auto message = [](std::string_view warmup) {
    const OneFile function("exports.handler = () => 1; exports.warmup = " + std::string(warmup));
    CHECK(function.installed.error().error_type == "Training.BadEvents");
    return function.installed.error().error_message;
  };
  CHECK(contains(message("5;"), "must be an array"));
  CHECK(contains(message("() => { throw new Error('no events'); };"), "no events"));
  CHECK(contains(message("[{ n: 1n }];"), "event 0"));
  CHECK(contains(message("[{}, undefined];"), "event 1"));
}

TEST_CASE("A handler that throws in training is shown with event, place and output") {
  const OneFile function(
      "exports.handler = (event) => {\n  console.log('about to fail');\n"
      "  if (event.n) throw new Error('cannot');\n};",
      trained_with(R"([{}, {"n": 1}])"));
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Training.Exception");
  CHECK(contains(error.error_message, "training event 1"));
  CHECK(contains(error.error_message, "Error: cannot"));
  CHECK(contains(error.error_message, "about to fail"));
  CHECK(error.file == function.files.path("handler.js"));
  CHECK(error.line == 3);
  CHECK_FALSE(function.installed.has_image());
}

TEST_CASE("A result in training that is not serialisable is an error") {
  const OneFile function("exports.handler = () => ({ big: 1n });");
  CHECK(function.installed.error().error_type == "Training.ResultNotSerialisable");
  CHECK(contains(function.installed.error().error_message, "result.big is a BigInt"));
}

TEST_CASE("A handler whose promise nothing can settle is an error at once") {
  const OneFile function("exports.handler = () => new Promise(() => {});");
  CHECK(function.installed.error().error_type == "Training.NeverSettles");
  CHECK(contains(function.installed.error().error_message, "training event 0"));
  CHECK(function.installed.error().line == 1);
}

TEST_CASE("A handler that waits too long is stopped") {
  HostOptions options;
  options.training_timeout_ms = 300;
  const OneFile function(
      "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1e6));", options);
  CHECK(function.installed.error().error_type == "Training.Timeout");
  CHECK(contains(function.installed.error().error_message, "300 ms"));
  CHECK(contains(function.installed.error().error_message, "training event 0"));
}

TEST_CASE("A handler that computes too long is stopped where it is") {
  HostOptions options;
  options.training_timeout_ms = 300;
  const OneFile function("exports.handler = () => {\n  let n = 0;\n  for (;;) n++;\n};", options);
  CHECK(function.installed.error().error_type == "Training.Timeout");
  CHECK(contains(function.installed.error().error_message, "handler.js:3"));
}

// What the command line tells of compiled code: the receipt of an install, and what
// an invocation says. The host's part of it is made up here, hostile where it may be.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/fwrun/command.h"
#include "tests/store/clone_image.h"
#include "tests/store/store_fixture.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A function "f" whose process does what its arguments say.
struct Store {
  TempFolder temp;
  fw::store::Home home = make_home(temp / "home");
  Store() {
    const auto staging = fw::store::Staging::begin(home, "f", nullptr);
    REQUIRE(staging);
    fw::store::Manifest manifest;
    manifest.name = "f";
    manifest.version = staging->version();
    manifest.timeout_ms = 60'000;
    write_text(staging->version_folder() / fw::store::kManifestFile, to_text(manifest));
    write_text(staging->version_folder() / fw::store::kReportFile, "{}");
    capture_clone(staging->version_folder() / fw::store::kImageFile);
    REQUIRE(fw::store::publish(home, *staging));
  }
  Finished run(std::vector<std::string> arguments) const {
    return Command(std::move(arguments)).env("FWRUN_HOME", home.root()).run();
  }
  Finished invoke(const json& event, const char* option) const {
    return run({"--invoke", "f", option, "--args", event.dump()});
  }
};

// A store with the report and the manifest of an install, but no image.
struct Reported {
  TempFolder temp;
  fw::store::Home home = make_home(temp / "home");
  explicit Reported(const json& functions) {
    REQUIRE(install_text(home, "f", "f"));
    const json probe = {{"event", ""}, {"result", ""}, {"stable", false}};
    const json report = {{"runtime", "test"},
                         {"annotation", {{"kind", "default"}}},
                         {"functions", functions},
                         {"training",
                          {{"events", 0},
                           {"rounds", 0},
                           {"first_call_us", 0},
                           {"steady_call_us", 0},
                           {"probe", probe}}},
                         {"phases_us", json::object()},
                         {"snapshot",
                          {{"image_bytes", 0},
                           {"captured_pages", 0},
                           {"mappings", 0},
                           {"threads", 1},
                           {"descriptors", 0}}}};
    write_text(home.current("f") / fw::store::kReportFile, report.dump());
    fw::store::Manifest manifest;
    manifest.name = "f";
    manifest.version = 1;
    manifest.jit = functions.dump();
    write_text(home.current("f") / fw::store::kManifestFile, to_text(manifest));
  }
  Finished run(std::vector<std::string> arguments) const {
    return Command(std::move(arguments)).env("FWRUN_HOME", home.root()).run();
  }
};

const json kFunctions = {{{"name", "area"},
                          {"file", "/srv/f/shapes.py"},
                          {"line", 12},
                          {"tier", "numba"},
                          {"optimised", true},
                          {"annotated", true},
                          {"signatures", {"(int64, int64)", "(float64, float64)"}},
                          {"code_bytes", 4321},
                          {"before_us", 812.0},
                          {"after_us", 12.5},
                          {"deoptimisations", {"wrong map", "wrong map", "overflow"}}},
                         {{"name", ""},
                          {"file", "/srv/f/lib/parse.py"},
                          {"line", 3},
                          {"tier", "interpreted"},
                          {"optimised", false},
                          {"reason", "it returns a dict"}}};

}  // namespace

TEST_CASE("An invocation tells whether the code compiled before the snapshot served") {
  const Store store;
  struct Case {
    int jit;
    const char* text;
    json value;
  };
  for (const Case& one :
       {Case{0, "post_jit            -\n", nullptr}, Case{1, "post_jit         true\n", true},
        Case{2, "post_jit        false\n", false}}) {
    CAPTURE(one.jit);
    const Finished timing = store.invoke({{"jit", one.jit}}, "--timing");
    CHECK(timing.code == 0);
    CHECK(contains(timing.err, one.text));
    const json answer = store.invoke({{"jit", one.jit}}, "--json").json();
    CHECK(answer["post_jit"] == one.value);
    CHECK(answer["deoptimised"] == json::array());
  }
}

TEST_CASE("Functions that lost their code are told with the reason") {
  const Store store;
  const json event = {
      {"jit", 2},
      {"notes",
       {R"({"function":"area","reason":"wrong map"})", R"({"function":"b","reason":"c"})"}}};
  const Finished timing = store.invoke(event, "--timing");
  CHECK(contains(timing.err, "post_jit        false\n  area: wrong map\n  b: c\n"));
  CHECK(store.invoke(event, "--json").json()["deoptimised"] ==
        json::parse(R"([{"function":"area","reason":"wrong map"},{"function":"b","reason":"c"}])"));
  CHECK_FALSE(contains(store.run({"--invoke", "f", "--args", event.dump()}).err, "post_jit"));
}

TEST_CASE("Notes that are no notes break neither the lines nor the JSON") {
  const Store store;
  const std::string deep(50'000, '[');
  const json notes = {"not JSON",
                      "{\"function\":\"x\\u001b[2J\\ny\",\"reason\":\"a\\nfwrun: b\\u009b\"}",
                      "{\"function\":3,\"reason\":{}}",
                      "[1,2]",
                      "null",
                      "",
                      deep,
                      "\"}],\"result\":1"};
  const json event = {{"jit", 2}, {"notes", notes}};
  const Finished timing = store.invoke(event, "--timing");
  CHECK(timing.code == 0);
  CHECK(contains(timing.err, "\n  (not known): not JSON\n  x?[2J?y: a?fwrun: b"));
  CHECK(contains(timing.err, "\n  (not known): {\"function\":3,\"reason\":{}}\n"));
  CHECK_FALSE(contains(timing.err, "\x1b"));
  CHECK_FALSE(contains(timing.err, "\xc2\x9b"));
  CHECK(timing.err.size() < 5000);

  const json answer = store.invoke(event, "--json").json();
  REQUIRE(answer["deoptimised"].size() == notes.size());
  CHECK(answer["deoptimised"][0] == json{{"function", ""}, {"reason", "not JSON"}});
  CHECK(answer["deoptimised"][1]["function"] == "x\x1b[2J\ny");
  CHECK(answer["deoptimised"][6]["reason"].get<std::string>().size() == deep.size());
  CHECK(answer["result"]["served"] == 1);
}

TEST_CASE("Of very many notes some are shown, and the others counted") {
  const Store store;
  const json event = {{"jit", 2}, {"notes", json::array()}};
  json many = event;
  for (int i = 0; i < 100; ++i) many["notes"].push_back("note " + std::to_string(i));
  const Finished timing = store.invoke(many, "--timing");
  CHECK(contains(timing.err, ": note 19\n  and 80 more\n"));
  CHECK(store.invoke(many, "--json").json()["deoptimised"].size() == 100);
}

TEST_CASE("The receipt tells what became of each function, to people") {
  const Finished show = Reported(kFunctions).run({"--show", "f"});
  CHECK(show.code == 0);
  CHECK(contains(show.out,
                 "functions       1 of 2 optimised, in /srv/f/\n"
                 "  numba         area                     shapes.py:12  @jit\n"
                 "                for (int64, int64); (float64, float64)\n"
                 "                4.3 KB of code, 812 us -> 12.5 us a call, 65 x\n"
                 "                thrown away in training: wrong map (2 times); overflow\n"
                 "  interpreted   (anonymous)              lib/parse.py:3\n"
                 "                it returns a dict\n"));
}

TEST_CASE("The receipt is part of the manifest, for programs, but not of the list") {
  const Reported reported(kFunctions);
  const json shown = reported.run({"--show", "f", "--json"}).json();
  CHECK(shown["function"]["jit"] == kFunctions);
  const json list = reported.run({"--list", "--json"}).json();
  CHECK(list["functions"][0]["name"] == "f");
  CHECK_FALSE(list["functions"][0].contains("jit"));
}

TEST_CASE("A receipt without functions, or with hostile texts, is shown all the same") {
  CHECK_FALSE(contains(Reported(json::array()).run({"--show", "f"}).out, "functions"));
  json hostile = kFunctions;
  hostile[0]["name"] = "a\x1b[31m\nfwrun: all is well";
  hostile[0]["deoptimisations"] = json::array();
  for (int i = 0; i < 9; ++i) hostile[0]["deoptimisations"].push_back(std::to_string(i));
  hostile[1]["file"] = "relative.py";
  hostile[1]["reason"] = std::string(5000, 'x');
  const Finished show = Reported(hostile).run({"--show", "f"});
  CHECK(contains(show.out, "a?[31m?fwrun: all is well"));
  CHECK(contains(show.out, "thrown away in training: 0; 1; 2; 3; and 5 more"));
  CHECK(contains(show.out, "1 of 2 optimised\n"));  // the files have no folder in common
  CHECK(contains(show.out, "/srv/f/shapes.py:12"));
  CHECK(show.out.size() < 3000);
}

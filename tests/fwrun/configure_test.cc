// --configure: shows and changes how a function is served.
#include <doctest/doctest.h>

#include "tests/fwrun/command.h"
#include "tests/store/store_fixture.h"

using namespace fw::testing;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Store {
  TempFolder temp;
  fw::store::Home home = make_home(temp / "home");
  Store() { REQUIRE(install_text(home, "hello", "x")); }

  Finished configure(std::vector<std::string> options) const {
    options.insert(options.begin(), {"--configure", "hello"});
    return Command(std::move(options)).env("FWRUN_HOME", home.root()).run();
  }
  // Expects bad usage that changes nothing.
  std::string refused(const std::vector<std::string>& options) const {
    const std::string before = tree_of(home);
    const Finished finished = configure(options);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK(tree_of(home) == before);
    return finished.err;
  }
};

}  // namespace

TEST_CASE("Without options the policy is shown, and no file is made for it") {
  const Store store;
  const std::string before = tree_of(store.home);
  const Finished json = store.configure({"--json"});
  CHECK(json.code == 0);
  CHECK(json.json() == nlohmann::json{{"function", "hello"},
                                      {"policy",
                                       {{"reuse", "reset"},
                                        {"min_clones", 0},
                                        {"max_clones", 256},
                                        {"max_queue", 1024},
                                        {"idle_ms", 60000},
                                        {"template_idle_ms", 600000}}}});
  const Finished plain = store.configure({});
  CHECK(plain.code == 0);
  CHECK(plain.out == R"(reuse            reset
min clones       0
max clones       256
max queue        1024
idle             60000 ms
template idle    600000 ms
)");
  CHECK(tree_of(store.home) == before);
}

TEST_CASE("What is configured stays, each value until it is given again") {
  const Store store;
  const Finished all = store.configure({"--reuse", "never", "--min-clones", "2", "--max-clones",
                                        "5", "--max-queue", "0", "--idle-ms", "250", "--json"});
  CHECK(all.code == 0);
  const Finished one = store.configure({"--max-clones", "6", "--json"});
  CHECK(one.code == 0);
  const nlohmann::json policy = store.configure({"--json"}).json()["policy"];
  CHECK(policy == one.json()["policy"]);
  CHECK(policy["reuse"] == "never");
  CHECK(policy["min_clones"] == 2);
  CHECK(policy["max_clones"] == 6);
  CHECK(policy["max_queue"] == 0);
  CHECK(policy["idle_ms"] == 250);
  CHECK(std::filesystem::is_empty(store.home.staging()));
}

TEST_CASE("A value that cannot be is refused with its name") {
  const Store store;
  CHECK(contains(store.refused({"--reuse", "sometimes"}),
                 "--reuse: reuse 'sometimes' is neither reset nor never"));
  for (const char* option : {"--min-clones", "--max-clones", "--max-queue", "--idle-ms"}) {
    for (const char* value : {"x", "-1", "1.5", "99999999999999999999", "1s", ""}) {
      CAPTURE(option);
      CAPTURE(value);
      CHECK(contains(store.refused({std::string(option) + "=" + value}), option + 2));
    }
  }
  CHECK(contains(store.refused({"--max-clones", "x"}),
                 "--max-clones 'x': expected a whole number, at most 4294967295"));
  CHECK(contains(store.refused({"--max-clones", "0"}), "max_clones 0 is out of its range"));
  CHECK(contains(store.refused({"--min-clones", "300"}), "min_clones 300 is above max_clones 256"));
  CHECK(contains(store.refused({"--timing"}), "--timing does not go with --configure"));
}

TEST_CASE("Options of the policy go with no other command") {
  const Store store;
  for (const char* option :
       {"--reuse", "--min-clones", "--max-clones", "--max-queue", "--idle-ms"}) {
    const Finished finished =
        Command({"--show", "hello", option, "1"}).env("FWRUN_HOME", store.home.root()).run();
    CHECK(finished.code == 2);
    CHECK(contains(finished.err, std::string(option) + " does not go with --show"));
  }
}

TEST_CASE("A damaged policy is told with its file and what to do") {
  const Store store;
  write_text(store.home.function("hello") / "policy.json", "{");
  const Finished finished = store.configure({"--max-clones", "3"});
  CHECK(finished.code == 5);
  CHECK(contains(finished.err, "policy.json is damaged"));
  CHECK(contains(finished.err, "delete it to have the default policy"));
}

#include "pool/policy.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "store/sweep.h"
#include "tests/store/kill_point.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::pool;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Fixture {
  testing::TempFolder temp;
  store::Home home = testing::make_home(temp / "home");
  std::filesystem::path file = home.function("f") / "policy.json";

  Fixture() { REQUIRE(testing::install_text(home, "f", "one")); }

  std::string refused(std::string_view text) const {
    testing::write_text(file, text);
    const Result<Policy> policy = load_policy(home, "f");
    REQUIRE_FALSE(policy);
    CHECK(policy.error().code() == Errc::kRefused);
    CHECK(contains(policy.error().message(), file.string() + " is damaged"));
    CHECK(contains(policy.error().message(), "delete it to have the default policy"));
    return policy.error().message();
  }

  std::string bad(const Policy& policy) const {
    const Status saved = save_policy(home, "f", policy);
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code() == Errc::kBadInput);
    CHECK_FALSE(std::filesystem::exists(file));
    return saved.error().message();
  }
};

}  // namespace

TEST_CASE("A function without a policy has the default one") {
  const Fixture fixture;
  const Result<Policy> policy = load_policy(fixture.home, "f");
  REQUIRE(policy);
  CHECK(policy->reuse == Reuse::kReset);
  CHECK(policy->min_clones == 0);
  CHECK(policy->max_clones == 256);
  CHECK(policy->max_queue == 1024);
  CHECK(policy->idle_ms == 60'000);
  CHECK(policy->template_idle_ms == 600'000);
}

TEST_CASE("What is saved is loaded, by any later process and after a new version") {
  const Fixture fixture;
  REQUIRE(save_policy(fixture.home, "f", {Reuse::kNever, 2, 3, 0, 5, 6}));
  REQUIRE(testing::install_text(fixture.home, "f", "two"));
  const Result<Policy> policy = load_policy(fixture.home, "f");
  REQUIRE(policy);
  CHECK(policy->reuse == Reuse::kNever);
  CHECK(policy->min_clones == 2);
  CHECK(policy->max_clones == 3);
  CHECK(policy->max_queue == 0);
  CHECK(policy->idle_ms == 5);
  CHECK(policy->template_idle_ms == 6);
  CHECK(testing::current_mark(fixture.home, "f") == "two");

  REQUIRE(save_policy(fixture.home, "f", {}));
  CHECK(load_policy(fixture.home, "f")->max_clones == 256);
  CHECK(std::filesystem::is_empty(fixture.home.staging()));
  struct stat status {};
  REQUIRE(::stat(fixture.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("A policy goes with its function") {
  const Fixture fixture;
  REQUIRE(save_policy(fixture.home, "f", {Reuse::kNever}));
  REQUIRE(store::remove_function(fixture.home, "f"));
  CHECK(save_policy(fixture.home, "f", {}).error().code() == Errc::kNotFound);
  REQUIRE(testing::install_text(fixture.home, "f", "again"));
  CHECK(load_policy(fixture.home, "f")->reuse == Reuse::kReset);
}

TEST_CASE("A policy of no function is not saved, and none is read outside of the store") {
  const Fixture fixture;
  const Status saved = save_policy(fixture.home, "ff", {});
  REQUIRE_FALSE(saved);
  CHECK(saved.error().code() == Errc::kNotFound);
  CHECK(contains(saved.error().message(), "did you mean 'f'?"));
  CHECK(save_policy(fixture.home, "../f", {}).error().code() == Errc::kNotFound);
  CHECK(load_policy(fixture.home, "../f").error().code() == Errc::kNotFound);
  CHECK(std::filesystem::is_empty(fixture.home.staging()));
}

TEST_CASE("A number out of its range is refused by its name, and changes nothing") {
  const Fixture fixture;
  Policy policy;
  policy.max_clones = 0;
  CHECK(fixture.bad(policy) == "max_clones 0 is out of its range: from 1 to 65536");
  policy.max_clones = 65'537;
  CHECK(contains(fixture.bad(policy), "max_clones 65537 is out of its range"));
  policy.max_clones = 2;
  policy.min_clones = 3;
  CHECK(fixture.bad(policy) == "min_clones 3 is above max_clones 2");
  policy = {};
  policy.max_queue = 1'000'001;
  CHECK(contains(fixture.bad(policy), "max_queue 1000001 is out of its range: from 0 to 1000000"));
  policy = {};
  policy.idle_ms = 2'592'000'001;
  CHECK(contains(fixture.bad(policy), "idle_ms 2592000001 is out of its range"));
  policy = {};
  policy.template_idle_ms = 2'592'000'001;
  CHECK(contains(fixture.bad(policy), "template_idle_ms 2592000001 is out of its range"));
}

TEST_CASE("A damaged policy is refused with what is wrong in it") {
  const Fixture fixture;
  CHECK(contains(fixture.refused("{"), "it is no JSON object"));
  CHECK(contains(fixture.refused(""), "it is no JSON object"));
  CHECK(contains(fixture.refused("[]"), "it is no JSON object"));
  CHECK(
      contains(fixture.refused(R"({"format": 2})"), "its format is 2, this fwrun reads format 1"));
  CHECK(contains(fixture.refused(R"({"reuse": "often"})"), "reuse 'often' is neither reset nor"));
  CHECK(contains(fixture.refused(R"({"reuse": 1})"), "reuse '' is neither reset nor never"));
  CHECK(contains(fixture.refused(R"({"max_clones": -1})"), "max_clones is no whole number"));
  CHECK(contains(fixture.refused(R"({"max_clones": "7"})"), "max_clones is no whole number"));
  CHECK(contains(fixture.refused(R"({"max_clones": 4294967296})"), "is out of its range"));
  CHECK(contains(fixture.refused(R"({"min_clones": 300})"), "min_clones 300 is above max_clones"));
  CHECK(contains(fixture.refused(R"({"max_clone": 1})"), "'max_clone' is unknown"));
  CHECK(contains(fixture.refused(std::string(65'537, ' ')), "larger than the 65536 bytes"));
}

TEST_CASE("What a policy does not tell is as by default") {
  const Fixture fixture;
  testing::write_text(fixture.file, R"({"format": 1, "max_queue": 9})");
  const Result<Policy> policy = load_policy(fixture.home, "f");
  REQUIRE(policy);
  CHECK(policy->max_queue == 9);
  CHECK(policy->max_clones == 256);
}

TEST_CASE("Both ways of reuse have a name") {
  for (const Reuse reuse : {Reuse::kReset, Reuse::kNever})
    CHECK(reuse_from(name_of(reuse)) == reuse);
  CHECK(reuse_from("").error().message() == "reuse '' is neither reset nor never");
}

TEST_CASE("Wherever saving is killed, the old policy or the new one is there, whole") {
  const Fixture fixture;
  bool killed = true;
  int points = 0;
  for (; killed; ++points) {
    REQUIRE(save_policy(fixture.home, "f", {Reuse::kReset, 1, 2}));
    killed = testing::kill_before_change(points, [&] {
      (void)save_policy(fixture.home, "f", {Reuse::kNever, 3, 4});
    });
    const Result<Policy> policy = load_policy(fixture.home, "f");
    REQUIRE(policy);
    const bool saved = policy->reuse == Reuse::kNever;
    CHECK(policy->min_clones == (saved ? 3U : 1U));
    CHECK(policy->max_clones == (saved ? 4U : 2U));
    CHECK((killed || saved));
    REQUIRE(store::sweep(fixture.home));
    CHECK(std::filesystem::is_empty(fixture.home.staging()));
  }
  CHECK(points > 5);
}

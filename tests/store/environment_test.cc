#include "store/install/environment.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>

using namespace fw::store;

TEST_CASE("A function gets PATH, HOME, LANG and TZ of the installer and what was asked, no more") {
  ::setenv("FWRUN_TEST_SECRET", "x", 1);
  ::setenv("TZ", "Europe/Paris", 1);
  const fw::Result<Environment> environment = function_environment({{"A", "1"}, {"LANG", "C"}});
  ::unsetenv("FWRUN_TEST_SECRET");
  ::unsetenv("TZ");
  REQUIRE(environment);
  CHECK(environment->at("A") == "1");
  CHECK(environment->at("LANG") == "C");
  CHECK(environment->at("TZ") == "Europe/Paris");
  CHECK(environment->count("PATH") == 1);
  CHECK(environment->count("FWRUN_TEST_SECRET") == 0);
}

TEST_CASE("What steers the installer's own Python does not reach a function") {
  const std::array<const char*, 5> names{"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP",
                                         "PYTHONHASHSEED", "PYENV_VERSION"};
  for (const char* name : names) ::setenv(name, "/installer", 1);
  const fw::Result<Environment> environment = function_environment({{"PYTHONUTF8", "1"}});
  for (const char* name : names) ::unsetenv(name);
  REQUIRE(environment);
  for (const char* name : names) CHECK(environment->count(name) == 0);
  CHECK(environment->at("PYTHONUTF8") == "1");
}

TEST_CASE("A name that cannot be a variable is refused") {
  for (const char* name : {"", "1A", "A-B", "A B", "\xC3\xA4"}) {
    CAPTURE(name);
    const fw::Result<Environment> environment = function_environment({{name, "x"}});
    REQUIRE_FALSE(environment);
    CHECK(environment.error().code() == fw::Errc::kBadInput);
  }
}

TEST_CASE("A value with a zero byte is refused") {
  CHECK_FALSE(function_environment({{"A", std::string("x\0y", 3)}}));
}

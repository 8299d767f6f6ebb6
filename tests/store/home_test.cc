#include "store/home.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "tests/store/temp_folder.h"

using fw::store::Home;
using fw::testing::TempFolder;

namespace {

// Sets a variable (nullptr: unsets it) until the end of the scope.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("FWRUN_HOME says where the store is, made absolute") {
  const Variable absolute("FWRUN_HOME", "/x/y");
  CHECK(Home::from_environment()->root() == "/x/y");
  const Variable relative("FWRUN_HOME", "y");
  CHECK(Home::from_environment()->root() == std::filesystem::current_path() / "y");
}

TEST_CASE("Without FWRUN_HOME root uses /var/lib and others their own data folder") {
  const Variable unset("FWRUN_HOME", "");
  if (::geteuid() == 0) {
    CHECK(Home::from_environment()->root() == "/var/lib/fwrun");
    return;
  }
  const Variable home("HOME", "/home/x");
  {
    const Variable data("XDG_DATA_HOME", "/data");
    CHECK(Home::from_environment()->root() == "/data/fwrun");
  }
  const Variable relative("XDG_DATA_HOME", "data");
  CHECK(Home::from_environment()->root() == "/home/x/.local/share/fwrun");
  const Variable homeless("HOME", nullptr);
  CHECK(Home::from_environment().error().message().find("FWRUN_HOME") != std::string::npos);
}

TEST_CASE("The store's folders are made for their owner alone, and left as they are if there") {
  const TempFolder temp;
  const Home home(temp / "a/b");
  REQUIRE(home.create());
  struct stat status {};
  REQUIRE(::stat(home.functions().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  REQUIRE(::chmod(home.root().c_str(), 0755) == 0);
  REQUIRE(home.create());
  REQUIRE(::stat(home.root().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0755);
}

TEST_CASE("A store that cannot be made is an error that names the folder") {
  const TempFolder temp;
  fw::testing::write_text(temp / "file", "");
  const fw::Status made = Home(temp / "file/home").create();
  REQUIRE_FALSE(made);
  CHECK(made.error().message().find("file/home") != std::string::npos);
}

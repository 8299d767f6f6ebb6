#include "store/publish.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "store/sweep.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;
using store::Home;
using store::Staging;

namespace {

std::vector<std::uint64_t> versions(const Home& home, const std::string& name) {
  return *store::list_versions(home, name);
}

}  // namespace

TEST_CASE("The first version of a function appears whole and leaves staging empty") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  CHECK(current_mark(home, "f") == "one");
  CHECK(tree_of(home) ==
        "functions\nfunctions/f\nfunctions/f/current\nfunctions/f/versions\n"
        "functions/f/versions/1\nfunctions/f/versions/1/image\n"
        "functions/f/versions/1/manifest.json\nfunctions/f/versions/1/report.json\nstaging\n");
}

TEST_CASE("The current version and the one before it are kept, older ones deleted") {
  const TempFolder temp;
  const Home home = make_home(temp);
  for (const char* mark : {"one", "two", "three", "four"}) REQUIRE(install_text(home, "f", mark));
  CHECK(current_mark(home, "f") == "four");
  CHECK(versions(home, "f") == std::vector<std::uint64_t>{3, 4});
  CHECK(std::filesystem::is_empty(home.staging()));
}

TEST_CASE("An install that is given up leaves the former version and nothing else") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  const std::string before = tree_of(home);
  {
    const Result<Staging> staging = Staging::begin(home, "f", nullptr);
    REQUIRE(staging);
    CHECK(staging->version() == 2);
    fill_version(*staging, "two");
  }
  CHECK(tree_of(home) == before);
  CHECK(current_mark(home, "f") == "one");
}

TEST_CASE("A version that cannot be published leaves the former one serving") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  const Result<Staging> staging = Staging::begin(home, "f", nullptr);
  REQUIRE(staging);
  fill_version(*staging, "two");
  write_text(staging->folder() / "current", "in the way");
  CHECK_FALSE(store::publish(home, *staging));
  CHECK(current_mark(home, "f") == "one");
  CHECK(versions(home, "f") == std::vector<std::uint64_t>{1});
}

TEST_CASE("A removed function is gone, and an open version of it stays readable") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  REQUIRE(install_text(home, "g", "other"));
  const Result<store::InstalledVersion> open = store::open_current(home, "f");
  REQUIRE(open);
  REQUIRE(store::remove_function(home, "f"));
  CHECK(current_mark(home, "f").empty());
  CHECK(current_mark(home, "g") == "other");
  CHECK(std::filesystem::is_empty(home.staging()));
  CHECK(read_text("/proc/self/fd/" + std::to_string(open->image.get())) == "1 one");
}

TEST_CASE("Removing what is not installed is an error that suggests a near name") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "hello", "one"));
  for (const char* name : {"helo", "../functions/hello"}) {
    const Status removed = store::remove_function(home, name);
    REQUIRE_FALSE(removed);
    CHECK(removed.error().code() == Errc::kNotFound);
  }
  CHECK(store::remove_function(home, "helo").error().message() ==
        "no function 'helo' is installed; did you mean 'hello'?");
  CHECK(current_mark(home, "hello") == "one");
}

TEST_CASE("A function that is damaged can be removed, listed and installed anew") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  write_text(home.current("f") / store::kManifestFile, "{");
  CHECK(store::open_current(home, "f").error().code() == Errc::kRefused);
  const auto listed = store::list_functions(home);
  REQUIRE(listed->size() == 1);
  CHECK_FALSE(listed->front().manifest);
  CHECK(listed->front().problem.find("damaged") != std::string::npos);
  REQUIRE(install_text(home, "f", "two"));
  CHECK(current_mark(home, "f") == "two");
  write_text(home.current("f") / store::kManifestFile, "{");
  CHECK(store::remove_function(home, "f"));
}

TEST_CASE("A function whose image was deleted by hand is refused, not looked for again and again") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  std::filesystem::remove(home.current("f") / store::kImageFile);
  const auto open = store::open_current(home, "f");
  REQUIRE_FALSE(open);
  CHECK(open.error().code() == Errc::kRefused);
}

TEST_CASE("A store that does not exist lists nothing and finds nothing") {
  const TempFolder temp;
  const Home home(temp / "none");
  CHECK(store::list_functions(home)->empty());
  CHECK(store::open_current(home, "f").error().code() == Errc::kNotFound);
  CHECK(store::sweep(home));
  CHECK_FALSE(std::filesystem::exists(temp / "none"));
}

TEST_CASE("A second install of a function waits for the first, one of another does not") {
  const TempFolder temp;
  const Home home = make_home(temp);
  std::optional<Staging> first;
  {
    Result<Staging> begun = Staging::begin(home, "f", nullptr);
    REQUIRE(begun);
    first.emplace(std::move(*begun));
  }
  CHECK(Staging::begin(home, "g", [] { FAIL("must not wait"); }));

  std::atomic<bool> waiting = false;
  Result<std::uint64_t> second = 0;
  std::thread thread([&] {
    const Result<Staging> begun = Staging::begin(home, "f", [&] {
      waiting = true;
      waiting.notify_one();
    });
    if (begun) second = begun->version();
  });
  waiting.wait(false);
  fill_version(*first, "one");
  CHECK(store::publish(home, *first));
  first.reset();
  thread.join();
  CHECK(*second == 2);
}

TEST_CASE("A sweep deletes what dead commands left and spares live installs") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "one"));
  const std::string clean = tree_of(home);
  write_text(home.staging() / "dead/version/image", "x");
  write_text(home.staging() / "trash.abc/g/current", "x");
  write_text(home.staging() / "stray.file", "x");
  {
    const Result<Staging> live = Staging::begin(home, "live", nullptr);
    REQUIRE(live);
    fill_version(*live, "alive");
    CHECK(store::sweep(home));
    CHECK_FALSE(std::filesystem::exists(home.staging() / "dead"));
    CHECK_FALSE(std::filesystem::exists(home.staging() / "trash.abc"));
    CHECK_FALSE(std::filesystem::exists(home.staging() / "stray.file"));
    CHECK(store::publish(home, *live));
  }
  CHECK(current_mark(home, "live") == "alive");
  REQUIRE(store::remove_function(home, "live"));
  CHECK(tree_of(home) == clean);
}

TEST_CASE("Readers see one whole version or another while it is replaced and removed") {
  const TempFolder temp;
  const Home home = make_home(temp);
  REQUIRE(install_text(home, "f", "start"));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) {
      CHECK(install_text(home, "f", "mark" + std::to_string(i)));
      if (i % 10 == 9) CHECK(store::remove_function(home, "f"));
    }
    stop = true;
  });
  int seen = 0;
  while (!stop) {
    if (!current_mark(home, "f").empty()) ++seen;
  }
  writer.join();
  CHECK(seen > 0);
  CHECK(std::filesystem::is_empty(home.staging()));
}

TEST_CASE("Installs, removals and sweeps by many processes at once leave a clean store") {
  const TempFolder temp;
  const Home home = make_home(temp);
  std::vector<pid_t> children;
  for (int child = 0; child < 6; ++child) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      bool good = true;
      for (int i = 0; i < 20; ++i) {
        const std::string name = i % 2 == 0 ? "same" : "own" + std::to_string(child);
        good = good && install_text(home, name, std::to_string(child)).has_value();
        good = good && store::sweep(home).has_value();
        if (i % 5 == 4) {
          const Status removed = store::remove_function(home, "same");
          good = good && (removed || removed.error().code() == Errc::kNotFound);
        }
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = -1;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    CHECK(status == 0);
  }
  CHECK(std::filesystem::is_empty(home.staging()));
  for (int child = 0; child < 6; ++child) {
    CHECK(current_mark(home, "own" + std::to_string(child)) == std::to_string(child));
    CHECK(versions(home, "own" + std::to_string(child)).size() == 2);
  }
}

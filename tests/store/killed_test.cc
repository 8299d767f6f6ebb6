// kill -9 at every point of an install and of a removal.
#include <doctest/doctest.h>

#include "store/sweep.h"
#include "tests/store/kill_point.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;

TEST_CASE("A first install killed anywhere leaves nothing or the whole function") {
  int points = 0;
  for (bool killed = true; killed; ++points) {
    const TempFolder temp;
    const store::Home home = make_home(temp);
    killed = kill_before_change(points, [&] { (void)install_text(home, "f", "one"); });
    CAPTURE(points);
    REQUIRE(store::sweep(home));
    const std::string mark = current_mark(home, "f");
    CHECK((mark.empty() || mark == "one"));
    if (mark.empty()) CHECK(tree_of(home) == "functions\nstaging\n");
    if (!killed) CHECK(mark == "one");
    CHECK(std::filesystem::is_empty(home.staging()));
    REQUIRE(install_text(home, "f", "two"));
    CHECK(current_mark(home, "f") == "two");
  }
  CHECK(points > 15);
}

TEST_CASE(
    "A later install killed anywhere leaves the former version or the new one, and no third") {
  int points = 0;
  bool former = false;
  bool later = false;
  for (bool killed = true; killed; ++points) {
    const TempFolder temp;
    const store::Home home = make_home(temp);
    for (const char* mark : {"zero", "one"}) REQUIRE(install_text(home, "f", mark));
    killed = kill_before_change(points, [&] { (void)install_text(home, "f", "two"); });
    CAPTURE(points);
    // It serves before anybody has swept.
    const std::string mark = current_mark(home, "f");
    CHECK((mark == "one" || mark == "two"));
    former = former || (killed && mark == "one");
    later = later || (killed && mark == "two");
    REQUIRE(store::sweep(home));
    CHECK(current_mark(home, "f") == mark);
    CHECK(std::filesystem::is_empty(home.staging()));
    CHECK(*store::list_versions(home, "f") ==
          (mark == "one" ? std::vector<std::uint64_t>{1, 2} : std::vector<std::uint64_t>{2, 3}));
  }
  CHECK(former);
  CHECK(later);
}

TEST_CASE("A removal killed anywhere leaves the whole function or nothing") {
  int points = 0;
  bool kept = false;
  bool gone = false;
  for (bool killed = true; killed; ++points) {
    const TempFolder temp;
    const store::Home home = make_home(temp);
    REQUIRE(install_text(home, "f", "one"));
    const std::string before = tree_of(home);
    killed = kill_before_change(points, [&] { (void)store::remove_function(home, "f"); });
    CAPTURE(points);
    const bool there = !current_mark(home, "f").empty();
    kept = kept || (killed && there);
    gone = gone || (killed && !there);
    REQUIRE(store::sweep(home));
    CHECK(tree_of(home) == (there ? before : "functions\nstaging\n"));
  }
  CHECK(kept);
  CHECK(gone);
}

TEST_CASE("A sweep killed anywhere is finished by the next") {
  bool killed = true;
  for (int n = 0; killed; ++n) {
    const TempFolder temp;
    const store::Home home = make_home(temp);
    write_text(home.staging() / "dead/version/image", "x");
    write_text(home.staging() / "trash.abc/g/current", "x");
    killed = kill_before_change(n, [&] { (void)store::sweep(home); });
    CAPTURE(n);
    REQUIRE(store::sweep(home));
    CHECK(tree_of(home) == "functions\nstaging\n");
  }
}

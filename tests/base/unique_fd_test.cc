#include "base/unique_fd.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <cerrno>

namespace {

using fw::UniqueFd;

UniqueFd any_fd() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST_CASE("a descriptor is closed at the end of its owner's scope") {
  int number = -1;
  {
    const UniqueFd fd = any_fd();
    REQUIRE(fd.valid());
    number = fd.get();
    CHECK(is_open(number));
  }
  CHECK(!is_open(number));
}

TEST_CASE("a moved-from owner holds nothing and closes nothing") {
  UniqueFd first = any_fd();
  const int number = first.get();
  UniqueFd second = std::move(first);
  CHECK(!first.valid());  // NOLINT(bugprone-use-after-move): the promise under test
  first.reset();
  CHECK(is_open(number));
  CHECK(second.get() == number);
}

TEST_CASE("move assignment closes what the target held, and survives itself") {
  UniqueFd kept = any_fd();
  UniqueFd replaced = any_fd();
  const int kept_number = kept.get();
  const int closed_number = replaced.get();
  replaced = std::move(kept);
  CHECK(!is_open(closed_number));
  CHECK(replaced.get() == kept_number);
  UniqueFd& same = replaced;
  replaced = std::move(same);
  CHECK(replaced.get() == kept_number);
  CHECK(is_open(kept_number));
}

TEST_CASE("release gives the descriptor away, open") {
  UniqueFd fd = any_fd();
  const UniqueFd taken(fd.release());
  CHECK(!fd);
  CHECK(is_open(taken.get()));
}

TEST_CASE("descriptor 0 counts as one, -1 does not") {
  UniqueFd zero(0);
  CHECK(zero.valid());
  CHECK(zero.release() == 0);
  CHECK(!UniqueFd());
  CHECK(!UniqueFd(-1));
}

}  // namespace

#include "bench/endurance/endurance.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <list>
#include <vector>

#include "base/files.h"
#include "tests/child.h"

using namespace fw;
using namespace fw::bench;

namespace {

double value(const Figures& figures, const char* name) {
  REQUIRE(figures.find(name) != nullptr);
  return figures.find(name)->value;
}

}  // namespace

TEST_CASE("Restores that all succeed leave zeros, and are done in order") {
  Figures figures;
  std::vector<std::size_t> numbers;
  const auto restore = [&](std::size_t number) -> Status {
    numbers.push_back(number);
    return {};
  };
  CHECK(endure(restore, 10, {}, figures).value().empty());
  CHECK(value(figures, "endurance.restores") == 10);
  CHECK(value(figures, "endurance.failures") == 0);
  CHECK(value(figures, "endurance.leaked_descriptors") == 0);
  CHECK(value(figures, "endurance.leaked_processes") == 0);
  CHECK(value(figures, "endurance.leaked_shared_memory") == 0);
  CHECK(value(figures, "endurance.per_second") > 0);
  REQUIRE(numbers.size() > 10);  // some are not counted
  CHECK(std::vector<std::size_t>(numbers.end() - 10, numbers.end()) ==
        std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("Failures are counted and the first one is told") {
  Figures figures;
  const auto restore = [](std::size_t number) -> Status {
    if (number % 4 == 3) return fail(Errc::kFunction, "broken " + std::to_string(number));
    return {};
  };
  CHECK(endure(restore, 12, {}, figures).value() == "restore 4: broken 3");
  CHECK(value(figures, "endurance.failures") == 3);
  CHECK(value(figures, "endurance.restores") == 12);
}

TEST_CASE("When everything fails, it gives up") {
  Figures figures;
  const auto restore = [](std::size_t) -> Status { return fail(Errc::kFunction, "broken"); };
  CHECK(endure(restore, 100'000, {}, figures).value() == "restore 1: broken");
  CHECK(value(figures, "endurance.restores") == 20);
  CHECK(value(figures, "endurance.failures") == 20);
}

TEST_CASE("A descriptor, a process and memory left by each restore are found") {
  Figures figures;
  std::list<UniqueFd> descriptors;
  std::list<Process> processes;
  const auto restore = [&](std::size_t) -> Status {
    descriptors.push_back(open_file("/dev/null", O_RDONLY).value());
    descriptors.push_back(create_memfd("leak").value());
    FW_TRY(write_all(descriptors.back().get(), "text"));
    processes.push_back(test::start_child([] { return ::pause(); }));
    return {};
  };
  REQUIRE(endure(restore, 5, {}, figures));
  CHECK(value(figures, "endurance.leaked_processes") == 5);
  CHECK(value(figures, "endurance.leaked_descriptors") == 5 * 3);  // with a pidfd each
  CHECK(value(figures, "endurance.leaked_shared_memory") >= 5 * 4096);
}

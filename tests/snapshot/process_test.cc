#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Clocks are right at once after the restore") { check_guest("clocks"); }
TEST_CASE("Libraries can be loaded after the restore") { check_guest("loading_libraries"); }
TEST_CASE("A clone can fork, from any thread, and wait for its children") {
  check_guest("forking");
}
TEST_CASE("A clone can start programs") { check_guest("starting_programs"); }
TEST_CASE("A clone can become another program, and nothing of the engine remains") {
  check_guest("exec");
}
TEST_CASE("Robust lists and the words of thread ids are registered with the kernel") {
  check_guest("robust_list");
}

#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Heap blocks keep their bytes, and malloc goes on where it was") { check_guest("heap"); }

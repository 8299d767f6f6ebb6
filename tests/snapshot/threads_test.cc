#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("A thread that waits on a futex waits on") { check_guest("thread_in_futex"); }

#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Dispositions of all signals are kept, with masks and flags") {
  check_guest("signal_actions");
}
TEST_CASE("Every thread blocks the signals it blocked") { check_guest("signal_masks"); }
TEST_CASE("Every thread has its alternate stack, and handlers run on it") {
  check_guest("alternate_stacks");
}
TEST_CASE("A capture may run on the alternate stack") { check_guest("capture_on_alternate_stack"); }
TEST_CASE("Signals that a clone sends to itself reach it, in every way") {
  check_guest("own_signals");
}
TEST_CASE("A signalfd takes the same signals as before") { check_guest("signal_descriptors"); }
TEST_CASE("Interval timers go on where they were") { check_guest("interval_timers"); }
TEST_CASE("Interval timers that expire during the capture lose no signal") {
  check_guest("fast_interval_timer");
}
TEST_CASE("Timer descriptors keep their time, period and unread ticks") {
  check_guest("timer_descriptors");
}

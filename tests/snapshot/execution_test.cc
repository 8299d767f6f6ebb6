#include <doctest/doctest.h>

#include "tests/guests/vector_registers.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Exceptions can be thrown after the restore") { check_guest("exceptions"); }
TEST_CASE("A snapshot can be taken while exceptions are in flight") {
  check_guest("exception_in_flight");
}
TEST_CASE("A stopped thread keeps its vector, x87 and general registers") {
  if (!fw::guest::have_avx512()) MESSAGE("skipped in part: this CPU has no AVX-512");
  check_guest("registers_of_thread");
}
TEST_CASE("A main thread that a signal interrupted keeps its registers") {
  check_guest("registers_in_signal");
}
TEST_CASE("Rounding mode and exception masks of the caller are kept") {
  check_guest("control_words");
}

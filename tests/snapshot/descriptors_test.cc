#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Clones share none of the objects that the captured process had") {
  check_guest("own_objects");
}
TEST_CASE("Pipes keep their unread bytes and their capacity") { check_guest("pipe_contents"); }
TEST_CASE("Each end of a pipe keeps its flags") { check_guest("pipe_flags"); }
TEST_CASE("A pipe whose other end is closed stays half closed") { check_guest("pipe_half_closed"); }
TEST_CASE("Descriptors keep their numbers, however odd") { check_guest("descriptor_numbers"); }
TEST_CASE("eventfds keep their counters and kinds") { check_guest("event_counters"); }
TEST_CASE("epoll sets watch what they watched, nested ones too") { check_guest("epoll_sets"); }
TEST_CASE("Edge triggered and one-shot members of an epoll set stay so") {
  check_guest("epoll_modes");
}
TEST_CASE("A file that is in an epoll set under two numbers stays in it twice") {
  check_guest("epoll_of_duplicate");
}
TEST_CASE("Files keep position and flags, and duplicates share them") {
  check_guest("file_positions");
}
TEST_CASE("Files open for writing may grow, and appending appends") { check_guest("file_growing"); }
TEST_CASE("Folders stay open, in the middle of being read") { check_guest("folders"); }
TEST_CASE("The devices that are only memory stay open") { check_guest("devices"); }
TEST_CASE("Files of a process's own /proc folder become the clone's") {
  check_guest("process_files");
}
TEST_CASE("Working folder, mode mask and environment are kept") { check_guest("working_folder"); }

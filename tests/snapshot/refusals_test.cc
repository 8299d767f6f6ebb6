// What cannot be carried. Each guest checks that the reason names the thing, that
// nothing is left behind, that it goes on, and that a capture succeeds when the
// obstacle is gone.
#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("TCP sockets are refused with the address, listening and connected") {
  check_guest("refusals/tcp_connection");
}
TEST_CASE("Sockets of other kinds are refused with what they are") {
  check_guest("refusals/other_sockets");
}
TEST_CASE("Kernel objects without a readable state are refused") {
  check_guest("refusals/kernel_objects");
}
TEST_CASE("A running child is refused with its pid and name") {
  check_guest("refusals/running_child");
}
TEST_CASE("A child that nobody waited for is refused") { check_guest("refusals/ended_child"); }
TEST_CASE("SysV shared memory is refused") { check_guest("refusals/sysv_memory"); }
TEST_CASE("Semaphores and shared memory of POSIX that have a name are refused with it") {
  check_guest("refusals/named_posix_shared");
}
TEST_CASE("A file mapped shared and writable is refused, a read-only one carried") {
  check_guest("refusals/shared_file_mapping");
}
// In a namespace of its own everything that the guest leaves behind is its child.
TEST_CASE("A traced process is refused with the tracer's pid") {
  check_guest("refusals/tracer", {Pids::kPatched});
}
TEST_CASE("A pipe to another process is refused with that process") {
  check_guest("refusals/foreign_pipe", {Pids::kPatched});
}
TEST_CASE("Pending signals are refused, of the process and of a thread") {
  check_guest("refusals/pending_signals");
}
TEST_CASE("A POSIX timer is refused") { check_guest("refusals/posix_timer"); }
TEST_CASE("File locks are refused with descriptor and path") { check_guest("refusals/file_locks"); }
TEST_CASE("Open files that were deleted or replaced are refused") {
  check_guest("refusals/deleted_file");
}
TEST_CASE("A mapped file that was deleted is refused") { check_guest("refusals/deleted_mapping"); }
TEST_CASE("A deleted working folder is refused") { check_guest("refusals/deleted_folder"); }
TEST_CASE("A named pipe is refused") { check_guest("refusals/named_pipe"); }
TEST_CASE("A terminal is refused") { check_guest("refusals/terminal"); }
TEST_CASE("A descriptor with O_ASYNC is refused") {
  check_guest("refusals/asynchronous_descriptor");
}
TEST_CASE("epoll sets that watch streams or lost numbers are refused") {
  check_guest("refusals/watched_streams");
}
TEST_CASE("An occupied window is EADDRINUSE: a new start may succeed") {
  check_guest("refusals/occupied_window");
}
TEST_CASE("A path that cannot be written is refused with the path") {
  check_guest("refusals/bad_path");
}
TEST_CASE("Limits in the way are reported, and their signals do no harm") {
  check_guest("refusals/limits");
}
TEST_CASE("A full disk is reported, and nothing is left on it") {
  check_guest("refusals/full_disk");
}
TEST_CASE("A thread that blocks the parking signal is named, and unharmed later") {
  check_guest("refusals/deaf_thread");
}
TEST_CASE("A process whose main thread has ended is refused") {
  check_guest("refusals/ended_main_thread");
}

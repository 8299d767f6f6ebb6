#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("A thread that waits on a futex waits on") { check_guest("thread_in_futex"); }
TEST_CASE("A thread that sleeps sleeps on, until the instant it wanted") {
  check_guest("thread_in_nanosleep");
}
TEST_CASE("A thread that waits for input waits on") { check_guest("thread_in_read"); }
TEST_CASE("A thread that waits for room in a pipe loses and repeats nothing") {
  check_guest("thread_in_write");
}
TEST_CASE("A thread in epoll_wait sees no interruption and the clone's events") {
  check_guest("thread_in_epoll");
}
TEST_CASE("Threads in poll, ppoll, select, sigwait and sem_wait see no interruption") {
  check_guest("threads_in_poll");
}
TEST_CASE("Threads that sleep for moments never see EINTR") { check_guest("busy_threads"); }
TEST_CASE("A hundred threads come back, each with its own stack and variables") {
  check_guest("many_threads");
}
TEST_CASE("A thread that is not the main one can ask for the snapshot") {
  check_guest("capture_by_thread");
}
// Where tids change, the owner that such mutexes remember is stale: a limit that the
// library's README names.
TEST_CASE("Mutexes with an owner stay held by it") { check_guest("mutexes", {Pids::kKept}); }
TEST_CASE("A robust mutex is released when its owner ends after the restore") {
  check_guest("robust_mutex", {Pids::kKept});
}
TEST_CASE("Plain mutexes stay held, and their waiters wait") { check_guest("plain_mutexes"); }
TEST_CASE("Waiters for conditions and barriers are woken after the restore") {
  check_guest("condition_variables");
}
TEST_CASE("Threads can be joined, detached and cancelled after the restore") {
  check_guest("thread_ends");
}
TEST_CASE("Thread local variables are kept, and destroyed when their thread ends") {
  check_guest("thread_local_storage");
}
TEST_CASE("Thread local variables of loaded libraries are kept or made when needed") {
  check_guest("dynamic_thread_local");
}
TEST_CASE("Threads keep their names") { check_guest("thread_names"); }
TEST_CASE("Threads can be made after the restore") { check_guest("new_threads"); }
TEST_CASE("Process and thread ids are kept in a namespace, and consistent without") {
  check_guest("ids");
}
TEST_CASE("Threads are registered for restartable sequences") { check_guest("rseq"); }
TEST_CASE("malloc, free and calloc go on in every thread's arena") { check_guest("malloc_storm"); }
TEST_CASE("Captures succeed while threads begin and end") { check_guest("thread_churn"); }
TEST_CASE("Threads parked in signal handlers return through them") {
  check_guest("thread_in_handler");
}
TEST_CASE("Small stacks suffice for parking and capturing") { check_guest("small_stacks"); }
TEST_CASE("A process with a /proc of its own namespace is captured as others") {
  check_guest("own_proc", {Pids::kKept});
}

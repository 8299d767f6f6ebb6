// The guests of all other tests, reset again and again: what they prove of a restored
// process holds after every reset, and all memory is the image's each time.
#include <doctest/doctest.h>
#include <unistd.h>

#include "base/check.h"
#include "base/files.h"
#include "tests/guests/guest.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

void check_resets(const char* name, std::uint32_t wanted, Pids pids) {
  INFO("guest: " << std::string(name));
  const Guest guest(name);
  if (!guest.capture(pids)) return;
  Result<UniqueFd> file = create_memfd("rounds");
  FW_CHECK(file.has_value(), "a test can make a memfd");
  guest::Rounds rounds{wanted, 0};
  REQUIRE(::pwrite(file->get(), &rounds, sizeof rounds, 0) == sizeof rounds);
  const Outcome outcome = finish(start_clone(guest.image(), pids, {{file->get(), guest::kRoundsFd}},
                                             {}, FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS));
  REQUIRE(::pread(file->get(), &rounds, sizeof rounds, 0) == sizeof rounds);
  INFO("after " << rounds.done << " rounds the guest said:\n" << outcome.output);
  CHECK(outcome.status.describe() == "exited with code 0");
  CHECK(rounds.done == wanted + 1);
}

}  // namespace

TEST_CASE("Guests of one thread find their state after every reset") {
  for (const char* name : {"alternate_stacks",
                           "big_mapping",
                           "capture_by_signal",
                           "capture_by_timer",
                           "capture_on_alternate_stack",
                           "changed_protections",
                           "control_words",
                           "descriptor_numbers",
                           "devices",
                           "dynamic_thread_local",
                           "epoll_modes",
                           "epoll_of_duplicate",
                           "epoll_sets",
                           "event_counters",
                           "exception_in_flight",
                           "exceptions",
                           "fast_interval_timer",
                           "file_growing",
                           "file_positions",
                           "folders",
                           "forking",
                           "heap",
                           "ids",

                           "loading_libraries",
                           "madvise_bug",
                           "madvise_remapped",
                           "madvise_zeros",
                           "memfd",
                           "memfd_mapped",
                           "memfd_opened_twice",
                           "memfd_sealed",
                           "memfd_without_descriptor",
                           "memory_fields",
                           "new_threads",
                           "own_signals",
                           "pipe_contents",
                           "pipe_flags",
                           "pipe_half_closed",
                           "plain_mutexes",
                           "posix_shared",
                           "private_file_pages",
                           "process_files",
                           "program_break",
                           "program_data",
                           "protected_data",
                           "restore_hooks",
                           "robust_list",
                           "rseq",
                           "shared_anonymous",
                           "signal_actions",
                           "signal_descriptors",
                           "signal_masks",
                           "sparse_reservation",
                           "stack_growth",
                           "starting_programs",
                           "thread_local_storage",
                           "timer_descriptors",
                           "working_folder",
                           "zero_pages",
                           "clocks",
                           "restore_times"}) {
    check_resets(name, 100, Pids::kPatched);
  }
  check_resets("interval_timers", 10, Pids::kPatched);  // takes its time
  check_resets("own_proc", 100, Pids::kKept);
}

TEST_CASE("Guests of many threads find their state after every reset") {
  for (const char* name :
       {"busy_threads", "capture_by_thread", "concurrent_captures", "condition_variables",
        "malloc_storm", "many_threads",

        "registers_in_signal", "registers_of_thread",

        "small_stacks", "thread_churn", "thread_ends", "thread_in_epoll", "thread_in_futex",
        "thread_in_handler", "thread_in_nanosleep", "thread_in_read", "thread_in_write",
        "thread_names", "threads_in_poll"}) {
    for (const Pids pids : {Pids::kPatched, Pids::kKept}) check_resets(name, 50, pids);
  }
  // Their mutexes know their owners by tid.
  check_resets("mutexes", 50, Pids::kKept);
  check_resets("robust_mutex", 50, Pids::kKept);
}

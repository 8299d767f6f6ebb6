#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

TEST_CASE("Heap blocks keep their bytes, and malloc goes on where it was") { check_guest("heap"); }
TEST_CASE("A large mapping keeps the pages that were written") { check_guest("big_mapping"); }
TEST_CASE("Data behind PROT_NONE is kept, and stays out of reach") {
  check_guest("protected_data");
}
TEST_CASE("Constants, RELRO, variables and zeros of the program are kept") {
  check_guest("program_data");
}
TEST_CASE("Of a file mapped privately, the pages written are the process's own") {
  check_guest("private_file_pages");
}
TEST_CASE("Protections changed at run time hold, those of compiled code too") {
  check_guest("changed_protections");
}
TEST_CASE("Pages of zeros take no room and are zeros again") { check_guest("zero_pages"); }
TEST_CASE("A reservation of a terabyte costs nothing and can be committed later") {
  check_guest("sparse_reservation");
}
TEST_CASE("The program break is where it was, grows with zeros, and shrinks") {
  check_guest("program_break");
}
TEST_CASE("The main stack has room for 7 MB of recursion") { check_guest("stack_growth"); }
TEST_CASE("Addresses that /proc tells are as they were, and what lies there") {
  check_guest("memory_fields");
}
TEST_CASE("Shared anonymous memory is each clone's own, and shared with its children") {
  check_guest("shared_anonymous");
}
TEST_CASE("A memfd keeps contents, size and position, shared among duplicates") {
  check_guest("memfd");
}
TEST_CASE("A memfd opened twice keeps two positions and two sets of flags") {
  check_guest("memfd_opened_twice");
}
TEST_CASE("A sealed memfd is sealed again") { check_guest("memfd_sealed"); }
TEST_CASE("Mappings and descriptor of a memfd stay views of one memory") {
  check_guest("memfd_mapped");
}
TEST_CASE("Shared memory whose descriptor was closed is kept") {
  check_guest("memfd_without_descriptor");
}
TEST_CASE("Unlinked semaphores and shared memory of POSIX are kept, one copy for each clone") {
  check_guest("posix_shared");
}
TEST_CASE("Without interposition, MADV_DONTNEED brings back the image's bytes") {
  check_guest("madvise_bug");
}
TEST_CASE("madvise gives zeros for MADV_DONTNEED and MADV_FREE") { check_guest("madvise_zeros"); }
TEST_CASE("madvise does not harm what the program mapped over image memory") {
  check_guest("madvise_remapped");
}

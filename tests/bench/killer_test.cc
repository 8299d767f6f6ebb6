#include "bench/serving/soak/killer.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/files.h"
#include "bench/endurance/leftovers.h"
#include "tests/child.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("Of a process's children those with a slot are killed, and no others") {
  const UniqueFd slot = create_memfd("fwrun-slot").value();
  REQUIRE(::ftruncate(slot.get(), 4096) == 0);
  Process plain = test::start_child([] { return ::pause(); });
  Process clone = test::start_child([&] {
    ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, slot.get(), 0);
    ::pause();
    return 0;
  });
  Killer killer(::getpid());
  // It may not have come to map its slot.
  while (killer.killed() == 0) REQUIRE(killer.kill_one());
  const ExitStatus ended = clone.wait().value().value();
  CHECK(ended.signalled);
  CHECK(ended.value == SIGKILL);
  REQUIRE(killer.kill_one());
  CHECK(killer.killed() == 1);
  const std::vector<pid_t> children = children_of(::getpid()).value();
  CHECK(std::find(children.begin(), children.end(), plain.pid()) != children.end());
}

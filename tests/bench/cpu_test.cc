#include "bench/cpu.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace fw;
using namespace fw::bench;

namespace {

cpu_set_t allowed_now() {
  cpu_set_t cpus{};
  REQUIRE(::sched_getaffinity(0, sizeof cpus, &cpus) == 0);
  return cpus;
}

}  // namespace

TEST_CASE("Pinning leaves one CPU to every thread, and is undone") {
  const cpu_set_t before = allowed_now();
  std::atomic<bool> look{false};
  cpu_set_t of_thread{};
  std::thread other([&] {
    look.wait(false);
    of_thread = allowed_now();
  });
  const Result<Cpus> cpus = Cpus::allowed();
  REQUIRE(cpus);
  CHECK(cpus->count() == CPU_COUNT(&before));
  REQUIRE(cpus->pin());
  const cpu_set_t pinned = allowed_now();
  look = true;
  look.notify_one();
  other.join();
  REQUIRE(cpus->unpin());
  const cpu_set_t after = allowed_now();

  CHECK(CPU_COUNT(&pinned) == 1);
  CHECK(CPU_ISSET(cpus->pinned(), &pinned));
  CHECK(CPU_EQUAL(&of_thread, &pinned));
  CHECK(CPU_EQUAL(&after, &before));
}

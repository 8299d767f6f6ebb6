#include "bench/serving/http/service.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>

#include "tests/bench/http_peer.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("A service runs once it is started, and ends when asked") {
  Service service = test::start_peer();
  CHECK(service.pid() > 0);
  CHECK(service.check());
  CHECK(service.stop());
}

TEST_CASE("A service is gone when its object is") {
  pid_t pid = 0;
  {
    const Service service = test::start_peer();
    pid = service.pid();
    CHECK(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("A service that ends before it serves is told with what it wrote") {
  const Result<Service> service =
      Service::start("the thing", {"/bin/sh", {"-c", "echo no port left >&2; exit 3"}}, 1);
  REQUIRE_FALSE(service);
  CHECK(service.error().code() == Errc::kDied);
  CHECK(service.error().message().find("the thing exited with code 3") != std::string::npos);
  CHECK(service.error().message().find("no port left") != std::string::npos);
}

TEST_CASE("A service that ended meanwhile is noticed") {
  Service service = test::start_peer();
  REQUIRE(::kill(service.pid(), SIGKILL) == 0);
  // Until it is dead.
  while (service.check()) {
  }
  const Status stopped = service.stop();
  CHECK_FALSE(stopped);
}

TEST_CASE("Ports that are free differ from those that are taken") {
  const Service service = test::start_peer();
  CHECK(free_port().value() != service.port());
}

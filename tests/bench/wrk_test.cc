#include "bench/serving/http/wrk.h"

#include <doctest/doctest.h>

#include "tests/bench/http_peer.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("What the script of wrk printed is read from the end of its output") {
  const WrkResult result =
      read_wrk("Running 1s test\nRequests/sec: 1\n\nfwrun-bench 1200 1.500000 61.000 902.500 3 4\n")
          .value();
  CHECK(result.requests == 1200);
  CHECK(result.seconds == 1.5);
  CHECK(result.p50_us == 61);
  CHECK(result.p99_us == 902.5);
  CHECK(result.bad_statuses == 3);
  CHECK(result.bad_sockets == 4);
}

TEST_CASE("Output without a result, or with half of one, is none") {
  for (const char* output :
       {"", "Requests/sec: 1", "fwrun-bench 1 2 3", "fwrun-bench 1 0 1 1 0 0"}) {
    CAPTURE(output);
    const Result<WrkResult> result = read_wrk(output);
    REQUIRE_FALSE(result);
    CHECK(result.error().message().find("wrk printed no result") != std::string::npos);
  }
}

TEST_CASE("Any body can be put into a script") {
  CHECK(lua_quoted("a\"\n") == "\"\\097\\034\\010\"");
}

TEST_CASE("wrk loads a server, and answers that are no success are counted") {
  const Result<std::filesystem::path> wrk = find_wrk();
  if (!wrk) {
    MESSAGE("skipped: " << wrk.error().message());
    return;
  }
  const test::ScratchFolder folder;
  const Service peer = test::start_peer();
  const WrkResult good =
      run_wrk(*wrk, {peer.port(), "/echo", R"({"a":"b"})", 2, 1}, folder.path()).value();
  CHECK(good.requests > 0);
  CHECK(good.p99_us >= good.p50_us);
  CHECK(good.bad_statuses == 0);
  CHECK(good.bad_sockets == 0);
  const WrkResult bad =
      run_wrk(*wrk, {peer.port(), "/status/500", "{}", 2, 1}, folder.path()).value();
  CHECK(bad.bad_statuses > 0);
}

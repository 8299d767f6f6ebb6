#include "gateway/logs/log_text.h"

#include <doctest/doctest.h>

#include "gateway/logs/iso_time.h"
#include "tests/gateway_logs/served.h"

namespace {

using namespace fw;
using namespace fw::gateway::logs;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the log of an invocation has the lines that Lambda's has") {
  pool::Served served = testing::served("id-1");
  testing::print(served, "one\n");
  testing::print(served, "two", args::Stream::kStderr);
  CHECK(render(served).text ==
        "START RequestId: id-1 Version: 3\n"
        "one\n"
        "two\n"
        "END RequestId: id-1\n"
        "REPORT RequestId: id-1\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
        "Restore Duration: 0.45 ms\tTier: fork\n");
}

TEST_CASE("memory is reported when it is known, a begun megabyte as one") {
  pool::Served served = testing::served("id-1");
  served.private_bytes = 4096;
  CHECK(contains(render(served).text, "\tMemory Size: 128 MB\tMax Memory Used: 1 MB\t"));
  served.private_bytes = (2U << 20) + 1;
  CHECK(contains(render(served).text, "\tMax Memory Used: 3 MB\t"));
}

TEST_CASE("an invocation that failed says so, and how") {
  const std::string failed = render(testing::served("id-2", store::Ending::kError)).text;
  CHECK(contains(failed, "\tid-2\tERROR\tInvoke Error\t{\"errorType\":\"TypeError\""));
  CHECK(contains(failed, "\tTier: fork\tStatus: error\tError Type: TypeError\n"));

  const std::string late = render(testing::served("id-3", store::Ending::kTimedOut)).text;
  CHECK(contains(late, "\tid-3\tERROR\tTask timed out\t"));
  CHECK(late.ends_with("\tStatus: timeout\n"));
}

TEST_CASE("output that was not kept is counted") {
  pool::Served served = testing::served("id-1");
  served.invoked.log_bytes_dropped = 77;
  CHECK(contains(render(served).text, "\n(77 bytes more were written than are kept)\nEND "));
}

TEST_CASE("the tail of a log begins with a whole character") {
  const LogText log{
      "ab\xE2\x82\xAC"
      "cd"};
  CHECK(log.tail(100) == log.text);
  CHECK(log.tail(7) == log.text);
  CHECK(log.tail(5) ==
        "\xE2\x82\xAC"
        "cd");
  CHECK(log.tail(4) == "cd");
  CHECK(log.tail(3) == "cd");
  CHECK(log.tail(0).empty());
}

TEST_CASE("the type of an error is found also when its end is cut off") {
  CHECK(error_type_of(R"({"errorMessage":"\"errorType\": no","errorType": "Mine","tr)") == "Mine");
  CHECK(error_type_of(R"({"errorType":"Min)") == "Min");
  CHECK(error_type_of(R"({"errorType":7})").empty());
  CHECK(error_type_of(R"({"errorType":)").empty());
  CHECK(error_type_of("{}").empty());
}

TEST_CASE("instants are written in UTC with milliseconds") {
  CHECK(iso_time(0) == "1970-01-01T00:00:00.000Z");
  CHECK(iso_time(1'795'234'560'007) == "2026-11-21T04:16:00.007Z");
}

}  // namespace

// Throughput over HTTP: functions behind the daemon, reset after every request, beside
// servers that run the same handler for the same body without isolation, or with less.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/bounds.h"
#include "bench/figure.h"
#include "bench/functions/subject.h"
#include "bench/serving/http/service.h"

namespace fw::bench {

struct HttpContender {
  std::string key;        // "http.nop", "http.node", "http.workerd"
  std::string what;       // "NOP, fwrun"
  bool compared = false;  // with others, or measured for information
  std::uint16_t port = 0;
  std::string path;
  std::string body;
  std::vector<double> per_second{};  // of each run
  std::vector<double> p50_us{};
  std::vector<double> p99_us{};
  double requests = 0;
  double failures = 0;  // no answer, or a status other than 200
};

struct HttpContest {
  std::filesystem::path wrk;
  std::filesystem::path folder;  // for scripts
  std::vector<Service> peers;    // running
  std::vector<HttpContender> contenders;
  std::vector<std::string> notes;
};

// Starts node and workerd on the NOP of `subjects`; the daemon serves all of them on its
// port already. Every contender has answered once, and rightly, when this returns; of
// those that cannot be measured `unavailable` says why. `may_download`: workerd, if it is
// not here.
Result<HttpContest> prepare_http_contest(const std::vector<Subject>& subjects,
                                         std::uint16_t daemon_port,
                                         const std::filesystem::path& folder, bool may_download,
                                         Unavailable& unavailable);

// `count` runs of a second each, with 16 connections.
Status measure(HttpContest& contest, HttpContender& contender, std::size_t count);

// A second that does not count.
Status warm_up(HttpContest& contest);

// Adds KEY.per_second, .p50 and .p99 (of the runs' own: the median, and the worst as p99)
// and .failures.
void report(const HttpContest& contest, Figures& figures);

}  // namespace fw::bench

#include "bench/serving/http/http_contest.h"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "bench/embedded_files.h"
#include "bench/peers/interpreters.h"
#include "bench/peers/workerd.h"
#include "bench/serving/http/wrk.h"
#include "bench/serving/load.h"

namespace fw::bench {

namespace {

constexpr unsigned kConnections = 16;

// Of the daemon's functions; cpu would measure the handler.
constexpr std::array<std::string_view, 3> kServed{"nop", "nop_python", "montecarlo"};

Status add_contender(HttpContest& contest, HttpContender contender, const Subject& subject) {
  contender.body = subject.event();
  FW_TRY_ASSIGN(const std::string answer, ask_once(contender.port, contender.path, contender.body));
  if (!subject.expected().empty() && !same_json(answer, subject.expected())) {
    return fail(Errc::kFunction,
                contender.what + " answered " + answer + " instead of " + subject.expected());
  }
  contest.contenders.push_back(std::move(contender));
  return {};
}

// With the peer's own reason when it cannot be measured.
Status add_peer(HttpContest& contest, std::string key, const std::string& what,
                const Program& program, std::uint16_t port, const Subject& subject) {
  FW_TRY_ASSIGN(Service service, Service::start(what, program, port));
  contest.peers.push_back(std::move(service));
  HttpContender contender;
  contender.key = std::move(key);
  contender.what = what;
  contender.port = port;
  contender.path = "/";
  contender.compared = true;
  return add_contender(contest, std::move(contender), subject);
}

Status add_node(HttpContest& contest, const Subject& nop) {
  FW_TRY_ASSIGN(const Interpreter node, newest_node_here());
  FW_TRY_ASSIGN(const std::uint16_t port, free_port());
  const std::filesystem::path script = contest.folder / "http_server.js";
  FW_TRY(write_file_atomically(script, embedded_file("bench/peers/http_server.js")));
  const Program program{
      node.program,
      {script.string(), std::to_string(port), nop.manifest.entry, nop.manifest.handler}};
  FW_TRY(add_peer(contest, "http.node", "plain " + node.what, program, port, nop));
  contest.notes.push_back("HTTP peer: " + node.what +
                          ", its http server around the same handler, no isolation");
  return {};
}

Status add_workerd(HttpContest& contest, const Subject& nop, bool may_download) {
  FW_TRY_ASSIGN(const Workerd workerd, find_workerd(peer_cache() / "workerd", may_download));
  FW_TRY_ASSIGN(const std::uint16_t port, free_port());
  FW_TRY_ASSIGN(const Program program, workerd_program(workerd, nop, port, contest.folder));
  FW_TRY(add_peer(contest, "http.workerd", "workerd " + workerd.version, program, port, nop));
  contest.notes.push_back("HTTP peer: workerd " + workerd.version +
                          " from npm, the same handler in an isolate");
  return {};
}

Result<WrkResult> run_once(const HttpContest& contest, const HttpContender& contender) {
  Result<WrkResult> ran =
      run_wrk(contest.wrk, {contender.port, contender.path, contender.body, kConnections, 1},
              contest.folder);
  if (ran) return ran;
  return fail(std::move(ran).error().context(contender.what));
}

}  // namespace

Result<HttpContest> prepare_http_contest(const std::vector<Subject>& subjects,
                                         std::uint16_t daemon_port,
                                         const std::filesystem::path& folder, bool may_download,
                                         Unavailable& unavailable) {
  HttpContest contest;
  contest.folder = folder;
  const Result<std::filesystem::path> wrk = find_wrk();
  if (!wrk) {
    unavailable["http"] = wrk.error().message();
    return contest;
  }
  contest.wrk = *wrk;
  for (const std::string_view name : kServed) {
    for (const Subject& subject : subjects) {
      if (subject.key != name) continue;
      HttpContender contender;
      contender.key = "http." + subject.key;
      contender.what = subject.what + ", fwrun";
      contender.port = daemon_port;
      contender.path = "/invoke/" + subject.manifest.name;
      contender.compared = name == "nop";
      FW_TRY(add_contender(contest, std::move(contender), subject));
      if (name != "nop") continue;
      if (const Status node = add_node(contest, subject); !node) {
        unavailable["http.node"] = node.error().message();
      }
      if (const Status workerd = add_workerd(contest, subject, may_download); !workerd) {
        unavailable["http.workerd"] = workerd.error().message();
      }
    }
  }
  return contest;
}

Status warm_up(HttpContest& contest) {
  for (const HttpContender& contender : contest.contenders) {
    FW_TRY(run_once(contest, contender));
  }
  return {};
}

Status measure(HttpContest& contest, HttpContender& contender, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    FW_TRY_ASSIGN(const WrkResult result, run_once(contest, contender));
    contender.per_second.push_back(std::round(result.requests / result.seconds));
    contender.p50_us.push_back(result.p50_us);
    contender.p99_us.push_back(result.p99_us);
    contender.requests += result.requests;
    contender.failures += result.bad_statuses + result.bad_sockets;
  }
  return {};
}

void report(const HttpContest& contest, Figures& figures) {
  for (const HttpContender& one : contest.contenders) {
    if (one.per_second.empty()) continue;
    figures.add(one.key + ".per_second", "HTTP requests in a second, " + one.what, "per second",
                one.per_second);
    figures.add(one.key + ".p50", "half of the answers within, " + one.what, "us", one.p50_us);
    figures.add(one.key + ".p99", "99 % of the answers within, " + one.what, "us", one.p99_us);
    figures.add(one.key + ".requests", "HTTP requests in all, " + one.what, "", one.requests);
    figures.add(one.key + ".failures", "of these not answered by 200, " + one.what, "",
                one.failures);
  }
}

}  // namespace fw::bench

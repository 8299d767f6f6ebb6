#include "bench/peers/contest.h"

#include <cstdlib>
#include <utility>

#include "bench/peers/node.h"
#include "bench/program.h"

namespace fw::bench {

namespace {

struct Peer {
  std::string key;
  std::string what;
  std::filesystem::path program;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

Result<ColdAnswer> call_once(const Contender& contender) {
  FW_TRY_ASSIGN(ColdAnswer answer, call_cold(contender.call));
  if (!contender.expected.empty() && !same_json(answer.answer, contender.expected)) {
    return fail(Errc::kFunction, contender.call.node.string() + " answered " + answer.answer +
                                     " instead of " + contender.expected);
  }
  return answer;
}

Contender make_contender(const Subject& subject, const Peer& peer, bool all_cpus,
                         const std::filesystem::path& script) {
  Contender contender;
  contender.function = subject.key;
  contender.way = peer.key + (all_cpus ? ".all_cpus" : ".one_cpu");
  contender.what = peer.what + (all_cpus ? " on all CPUs, " : " on one CPU, ") + subject.what;
  contender.all_cpus = all_cpus;
  contender.call = {peer.program, script, subject.manifest.entry, subject.manifest.handler,
                    subject.event()};
  contender.expected = subject.expected();
  return contender;
}

Result<Peer> debian_peer(const std::filesystem::path& host, Contest& contest) {
  FW_TRY_ASSIGN(const Finished told, run({host, {"--version"}}));
  const auto version = parse_node_version(told.output);
  if (!version) {
    return fail(Errc::kInternal, host.string() + " --version told no version: " + told.output);
  }
  contest.debian_version = told.output.substr(1, told.output.find('\n') - 1);
  return Peer{"debian", "Debian node " + contest.debian_version, host};
}

}  // namespace

Result<Contest> prepare_contest(const std::vector<Subject>& subjects,
                                const std::filesystem::path& host,
                                const std::filesystem::path& folder, const Cpus& cpus,
                                Unavailable& unavailable) {
  const std::filesystem::path script = folder / "cold.js";
  FW_TRY(write_cold_script(script));
  Contest contest;
  std::vector<Peer> peers;
  FW_TRY_ASSIGN(Peer debian, debian_peer(host, contest));
  peers.push_back(std::move(debian));
  const Result<Node> newest = newest_node(find_nodes(variable("PATH"), variable("HOME")));
  if (newest) {
    contest.newest = newest->program.filename().string() + " " + newest->version;
    peers.push_back({"newest", "node " + newest->version, newest->program});
  }
  for (const Subject& subject : subjects) {
    if (!newest) unavailable[subject.key + ".cold.newest"] = newest.error().message();
    for (const Peer& peer : peers) {
      const Contender on_one = make_contender(subject, peer, false, script);
      if (Result<ColdAnswer> answered = call_once(on_one); !answered) {
        unavailable[subject.key + ".cold." + peer.key] = answered.error().message();
        continue;
      }
      contest.contenders.push_back(on_one);
      if (cpus.count() > 1) {
        contest.contenders.push_back(make_contender(subject, peer, true, script));
      }
    }
  }
  return contest;
}

Status measure(Contender& contender, std::size_t count, const Cpus& cpus) {
  if (contender.all_cpus) FW_TRY(cpus.unpin());
  Status measured;
  for (std::size_t i = 0; measured && i < count; ++i) {
    Result<ColdAnswer> answered = call_once(contender);
    if (answered) {
      contender.answers_us.push_back(answered->answer_us);
      contender.ends_us.push_back(answered->end_us);
    } else {
      measured = fail(std::move(answered).error().context(contender.what));
    }
  }
  if (contender.all_cpus) FW_TRY(cpus.pin());
  return measured;
}

void report(const Contest& contest, Figures& figures) {
  for (const Contender& contender : contest.contenders) {
    figures.add(contender.function + ".cold." + contender.way,
                "cold process to answer, " + contender.what, "us", contender.answers_us);
    figures.add(contender.function + ".cold_to_exit." + contender.way,
                "cold process to its end, " + contender.what, "us", contender.ends_us);
  }
}

}  // namespace fw::bench

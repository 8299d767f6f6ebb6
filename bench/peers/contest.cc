#include "bench/peers/contest.h"

#include <string_view>
#include <utility>

#include "bench/peers/interpreters.h"

namespace fw::bench {

namespace {

// Beyond this a process is slow.
constexpr double kSlowUs = 250e3;

Result<ColdAnswer> call_once(const Contender& contender) {
  FW_TRY_ASSIGN(ColdAnswer answer, call_cold(contender.call));
  if (!contender.expected.empty() && !same_json(answer.answer, contender.expected)) {
    return fail(Errc::kFunction, contender.call.program.string() + " answered " + answer.answer +
                                     " instead of " + contender.expected);
  }
  return answer;
}

Contender make_contender(const Subject& subject, const Interpreter& peer, bool all_cpus,
                         const std::filesystem::path& script) {
  Contender contender;
  contender.function = subject.key;
  contender.way = peer.key + (all_cpus ? ".all_cpus" : ".one_cpu");
  contender.what = peer.what + (all_cpus ? " on all CPUs, " : " on one CPU, ") + subject.what;
  contender.all_cpus = all_cpus;
  contender.call = {peer.program,           peer.arguments,           script,
                    subject.manifest.entry, subject.manifest.handler, subject.event()};
  contender.expected = subject.expected();
  return contender;
}

// The subjects of one language, and who competes with them.
struct Field {
  store::Language language;
  std::vector<const Subject*> subjects;
  std::vector<Interpreter> peers;
  std::filesystem::path script;
};

void add_peer(Field& field, std::string_view key, Result<Interpreter> found, Contest& contest,
              Unavailable& unavailable) {
  if (!found) {
    for (const Subject* subject : field.subjects) {
      unavailable[subject->key + ".cold." + std::string(key)] = found.error().message();
    }
    return;
  }
  contest.notes.push_back(found->note);
  field.peers.push_back(std::move(*found));
}

void add_contenders(const Field& field, const Cpus& cpus, Contest& contest,
                    Unavailable& unavailable) {
  for (const Subject* subject : field.subjects) {
    for (const Interpreter& peer : field.peers) {
      Contender on_one = make_contender(*subject, peer, false, field.script);
      const Result<ColdAnswer> answered = call_once(on_one);
      if (!answered) {
        unavailable[subject->key + ".cold." + peer.key] = answered.error().message();
        continue;
      }
      on_one.slow = answered->answer_us > kSlowUs;
      contest.contenders.push_back(on_one);
      if (cpus.count() == 1) continue;
      contest.contenders.push_back(make_contender(*subject, peer, true, field.script));
      contest.contenders.back().slow = on_one.slow;
    }
  }
}

}  // namespace

Result<Contest> prepare_contest(const std::vector<Subject>& subjects,
                                const std::filesystem::path& host,
                                const std::filesystem::path& folder, const Cpus& cpus,
                                Unavailable& unavailable) {
  Contest contest;
  for (const store::Language language : {store::Language::kJavaScript, store::Language::kPython}) {
    Field field{language, {}, {}, {}};
    for (const Subject& subject : subjects) {
      if (subject.language == language) field.subjects.push_back(&subject);
    }
    if (field.subjects.empty()) continue;
    FW_TRY_ASSIGN(field.script, write_cold_script(language, folder));
    if (language == store::Language::kJavaScript) {
      FW_TRY_ASSIGN(Interpreter debian, debian_node(host));
      add_peer(field, "debian", std::move(debian), contest, unavailable);
      add_peer(field, "newest", newest_node_here(), contest, unavailable);
    } else {
      add_peer(field, "python", debian_python(), contest, unavailable);
    }
    add_contenders(field, cpus, contest, unavailable);
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

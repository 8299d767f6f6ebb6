#include "bench/serving/soak/mix.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "bench/functions/install.h"
#include "pool/policy.h"

namespace fw::bench {

namespace {

constexpr std::uint64_t kMostNumbers = 9'000'000;
constexpr std::uint64_t kTimeoutMs = 500;

struct Installation {
  const char* name;
  const char* file;
};
constexpr std::array<Installation, 5> kFunctions{
    {{"soak_nop", "examples/nop/handler.js"},
     {"soak_nop_python", "examples/nop_python/handler.py"},
     {"soak_words", "examples/words/handler.py"},
     {"soak_faulty", "bench/serving/functions/faulty.js"},
     {"soak_faulty_python", "bench/serving/functions/faulty.py"}}};

pool::Policy short_lived() {
  pool::Policy policy;
  policy.idle_ms = 500;
  policy.template_idle_ms = 1000;
  return policy;
}

std::string with_number(const std::string& event, std::uint64_t number) {
  std::string text = event;
  if (const std::size_t at = text.find('@'); at != std::string::npos) {
    text.replace(at, 1, std::to_string(number));
  }
  return text;
}

}  // namespace

std::vector<Mix::Question> Mix::all_questions() {
  std::vector<Question> all{
      {"nop", "nothing to do", "soak_nop", R"({"id":@})", "", 20'000},
      {"nop_python", "nothing to do, in Python", "soak_nop_python", R"({"id":@})", "", 20'000},
      {"words", "summarises a text", "soak_words", R"({"text":"To be or not to be, that is @"})",
       "", 10'000},
  };
  struct Fault {
    const char* what;
    const char* action;
    const char* error;
    unsigned weight;
  };
  for (const Fault fault :
       {Fault{"works", "work", "", 16'000}, Fault{"throws", "throw", "as asked", 2'000},
        Fault{"leaves things behind", "leave", "", 800},
        Fault{"ends its process", "exit", "Runtime.ExitError", 200},
        Fault{"never ends", "hang", "Sandbox.Timedout", 2}}) {
    const std::string event = std::string(R"({"id":@,"do":")") + fault.action + "\"}";
    all.push_back({std::string("faulty.") + fault.action, fault.what, "soak_faulty", event,
                   fault.error, fault.weight});
    all.push_back({std::string("faulty_python.") + fault.action,
                   std::string(fault.what) + ", in Python", "soak_faulty_python", event,
                   fault.error, fault.weight});
  }
  return all;
}

Status Mix::install(const store::Home& home, const std::filesystem::path& folder) {
  for (const Installation& one : kFunctions) {
    FW_TRY(install_embedded(home, one.file, folder / one.name, one.name, kTimeoutMs));
    FW_TRY(pool::save_policy(home, one.name, short_lived()));
  }
  return {};
}

Status Mix::learn(std::uint16_t port) {
  constexpr const char* kNumber = "1234567";
  for (Question& question : questions_) {
    if (!question.error.empty()) continue;
    FW_TRY_ASSIGN(const std::string answer, ask_once(port, "/invoke/" + question.function,
                                                     with_number(question.event, 1'234'567)));
    const std::size_t at = answer.find(kNumber);
    question.numbered = at != std::string::npos;
    question.before = answer.substr(0, at);
    if (question.numbered) question.after = answer.substr(at + std::string_view(kNumber).size());
  }
  return {};
}

Shot Mix::next() {
  unsigned all = 0;
  for (const Question& question : questions_) all += question.weight;
  auto drawn = static_cast<unsigned>(random_() % all);
  std::size_t kind = 0;
  while (drawn >= questions_[kind].weight) drawn -= questions_[kind++].weight;
  const Question& question = questions_[kind];
  number_ = 1'000'000 + (number_ + 1) % kMostNumbers;
  return {0, "/invoke/" + question.function, with_number(question.event, number_), kind};
}

Verdict Mix::judge(const Hit& hit) const {
  const Question& question = questions_[hit.shot->kind];
  const std::string_view body = hit.body;
  if (body.find("\"errorType\"") != std::string_view::npos &&
      body.find("Runtime.Crash") != std::string_view::npos &&
      body.find("signal 9") != std::string_view::npos) {
    return Verdict::kKilled;
  }
  if (!question.error.empty()) {
    return body.find(question.error) != std::string_view::npos ? Verdict::kRight : Verdict::kWrong;
  }
  if (hit.status != 200 || !body.starts_with(question.before)) return Verdict::kWrong;
  std::string_view rest = body.substr(question.before.size());
  if (!question.numbered) return rest.empty() ? Verdict::kRight : Verdict::kWrong;
  // The number of this very call, which is in its event.
  const std::string_view number = rest.substr(0, 7);
  const bool own = hit.shot->body.find(number) != std::string::npos;
  return own && rest.substr(number.size()) == question.after ? Verdict::kRight : Verdict::kWrong;
}

}  // namespace fw::bench

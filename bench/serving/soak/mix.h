// What a soak asks: five functions in two languages, and what each answer has to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/serving/load.h"
#include "store/home.h"

namespace fw::bench {

// What an answer turned out to be.
enum class Verdict {
  kRight,   // the result, or the error, that the call was to have
  kKilled,  // its process was killed, and it was told so
  kWrong,   // anything else
};

class Mix {
 public:
  // Installs the functions, with policies by which what is idle ends within a second or two.
  static Status install(const store::Home& home, const std::filesystem::path& folder);

  Mix() : questions_(all_questions()) {}

  // Asks everything once: later answers must be the same, as every call finds the image's
  // state. kFunction when an answer is none.
  Status learn(std::uint16_t port);

  // The next call, at once; the same sequence in every run.
  Shot next();
  Verdict judge(const Hit& hit) const;
  // Of a kind, for reports: "faulty_python.throw", and "throws, in Python".
  const std::string& key(std::size_t kind) const { return questions_[kind].key; }
  const std::string& what(std::size_t kind) const { return questions_[kind].what; }
  std::size_t kinds() const { return questions_.size(); }

 private:
  struct Question {
    std::string key;
    std::string what;
    std::string function;
    std::string event;     // @ stands for the number of the call
    std::string error;     // that must be in the answer; empty: it has a result
    unsigned weight;       // how often, of kWeights
    std::string before{};  // the answer, before and after the number; without a number all of it
    std::string after{};
    bool numbered = false;
  };
  static std::vector<Question> all_questions();

  std::vector<Question> questions_;
  std::mt19937_64 random_{20'260'101};
  std::uint64_t number_ = 1'000'000;  // of seven digits, always
};

}  // namespace fw::bench

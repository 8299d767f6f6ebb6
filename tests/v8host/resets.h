// Invocations of one process that goes back to its image after each. Every reset is
// checked: the process ends, and with it the test, when a byte is not what it was.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "snapshot/snapshot.h"
#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

namespace fw::test {

inline constexpr int kResets = 200;

// The answers to so many calls.
inline std::vector<std::string> answers_over_resets(const Installed& installed,
                                                    std::string_view arguments = "{}",
                                                    int calls = kResets) {
  (void)installed.report();
  Clone clone(installed.image(), FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS);
  std::vector<std::string> bodies;
  for (int i = 0; i < calls; ++i) {
    const bool last = i == calls - 1;
    const args::Answer answer =
        clone.call(arguments, last ? args::After::kEnds : args::After::kResets);
    REQUIRE_MESSAGE(answer.outcome == args::Outcome::kResult, answer.body);
    bodies.push_back(answer.body);
  }
  CHECK(clone.ends());
  return bodies;
}

// Each call finds what the first one found: its answer, which is returned.
inline nlohmann::json same_over_resets(const Installed& installed,
                                       std::string_view arguments = "{}", int calls = kResets) {
  const std::vector<std::string> bodies = answers_over_resets(installed, arguments, calls);
  for (const std::string& body : bodies) REQUIRE(body == bodies.front());
  return nlohmann::json::parse(bodies.front());
}

// What all calls answered, by the names in their objects.
inline std::map<std::string, std::set<std::string>> drawn_over_resets(const Installed& installed) {
  std::map<std::string, std::set<std::string>> drawn;
  for (const std::string& body : answers_over_resets(installed)) {
    const nlohmann::json answer = nlohmann::json::parse(body);
    for (const auto& [name, value] : answer.items()) drawn[name].insert(value.dump());
  }
  return drawn;
}

}  // namespace fw::test

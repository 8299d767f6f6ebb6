// What the tests of Python functions with threads share.
#pragma once

#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

namespace fw::testing {

// Installs a fixture of python_threads/, which must be captured with that many threads.
inline void install(const Installation& fwrun, const std::string& name, int threads,
                    const std::vector<std::string>& options = {}) {
  const nlohmann::json installed = fwrun.install("../python_threads/" + name + ".py", options);
  CAPTURE(installed.dump());
  CHECK(installed["report"]["snapshot"]["threads"] == threads);
}

// What each of several restored processes must answer to the event.
inline void expect(const Installation& fwrun, const std::string& name, const nlohmann::json& event,
                   const nlohmann::json& answer) {
  constexpr int kClones = 3;
  for (int i = 0; i < kClones; ++i) CHECK(fwrun.result(name, event) == answer);
}

}  // namespace fw::testing

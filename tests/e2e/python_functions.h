// What the tests of Python functions share.
#pragma once

#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

namespace fw::testing {

// A fixture of tests/e2e/python, as the functions of Installation take it.
inline std::string in_python(const std::string& name) { return "../python/" + name; }

// Installs python/NAME.py as the function NAME; most train themselves by `warmup`.
inline nlohmann::json install_python(const Installation& fwrun, const std::string& name,
                                     const std::vector<std::string>& options = {}) {
  return fwrun.install(in_python(name) + ".py", options);
}

}  // namespace fw::testing

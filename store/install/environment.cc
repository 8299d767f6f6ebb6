#include "store/install/environment.h"

#include <algorithm>
#include <cstdlib>

namespace fw::store {

namespace {

bool valid_variable(const std::string& name) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

Result<Environment> function_environment(const Environment& asked) {
  for (const auto& [name, value] : asked) {
    if (!valid_variable(name)) {
      return fail(Errc::kBadInput, "'" + name +
                                       "' cannot be the name of an environment variable: use "
                                       "letters, digits and '_', not beginning with a digit");
    }
    if (value.find('\0') != std::string::npos) {
      return fail(Errc::kBadInput, "the value of " + name + " holds a zero byte");
    }
  }
  Environment environment = asked;
  environment.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  for (const char* name : {"PATH", "HOME", "LANG", "TZ"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && asked.find(name) == asked.end()) environment[name] = value;
  }
  return environment;
}

}  // namespace fw::store

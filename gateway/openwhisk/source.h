// The code that /init brings, and its installation.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/openwhisk/activation.h"
#include "gateway/openwhisk/members.h"
#include "store/install/language.h"
#include "store/install/request.h"

namespace fw::gateway::openwhisk {

struct Source {
  std::string name;  // of the function it becomes
  std::string main;  // what is called in it
  std::string code;
  bool binary = false;
};

// From the members of `value`. A name that cannot be a function's becomes one that can.
Source source_of(const std::vector<Member>& value);

// `env` of `value`; what is no string is taken as it is written.
Environment environment_of(const std::vector<Member>& value);

// Writes the code into the folder. The request's name is the function's.
Result<store::InstallRequest> write_source(const Source& source, store::Language language,
                                           const std::filesystem::path& folder);

}  // namespace fw::gateway::openwhisk

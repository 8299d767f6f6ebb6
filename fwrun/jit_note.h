// What an invocation tells of the code that was compiled before the snapshot.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "store/invoke.h"

namespace fw::cli {

// Lines below the table of phases: "post_jit  true", "false" or "-", and for each
// note the function and the reason.
std::string describe_jit(const store::Invoked& invoked);

// true, false, or null: there was no such code, or the process did not come to tell.
nlohmann::ordered_json post_jit(const store::Invoked& invoked);

// [{function, reason}...]. A note is the word of a stranger's process: one that is not
// such an object has no function, and all of its text as the reason.
nlohmann::ordered_json deoptimised(const store::Invoked& invoked);

}  // namespace fw::cli

// Functions as JSON: what is installed, how it is served, what was counted.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "pool/policy.h"
#include "pool/stats.h"
#include "store/home.h"

namespace fw::gateway::functions {

// {"functions": [{name, version, runtime, memory_mb, timeout_ms, installed_ms, stats}]}, or
// with {name, problem} for a damaged one.
Result<nlohmann::json> describe_all(const store::Home& home, const pool::PoolStats& stats);

// {function: (the manifest), policy, versions, stats}
Result<nlohmann::json> describe_one(const store::Home& home, const std::string& name,
                                    const pool::PoolStats& stats);

nlohmann::json to_json(const pool::Policy& policy);

// `policy` with the members that `text`, a JSON object, has. kBadInput.
Result<pool::Policy> changed(pool::Policy policy, const std::string& text);

}  // namespace fw::gateway::functions

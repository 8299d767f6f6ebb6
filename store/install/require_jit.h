// What InstallRequest::require_jit asks for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "store/install/request.h"

namespace fw::store {

// The failure when a function that the user annotated is not optimised: it names
// each, its place and the reason. Nothing when all are; and when none is annotated,
// which is added to the report's warnings. `report` is a host's (embed/report.h).
std::optional<InstallFailure> unmet_jit(nlohmann::json& report);

}  // namespace fw::store

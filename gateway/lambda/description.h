// Installed functions as Lambda describes them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "store/manifest.h"

namespace fw::gateway::lambda {

// FunctionConfiguration. `with_environment`: for those who may see its values.
nlohmann::json configuration_of(const store::Manifest& manifest, bool with_environment);

}  // namespace fw::gateway::lambda

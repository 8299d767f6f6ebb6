// The step of an install in which a host loads the function, trains it and
// captures itself.
#pragma once

#include <nlohmann/json.hpp>

#include "embed/job.h"
#include "store/install/environment.h"
#include "store/install/request.h"

namespace fw::store {

struct Training {
  std::filesystem::path host;    // executable
  std::filesystem::path folder;  // its working directory
  Environment environment;       // that it starts with
  embed::Job job;
};

// The host's report (embed/report.h); the image is at job.image_path. The host has ended. It is
// started again when its random layout had no room for the restorer; `retrying`
// is called each time.
tl::expected<nlohmann::json, InstallFailure> train(const Training& training,
                                                   const std::function<void()>& retrying);

}  // namespace fw::store

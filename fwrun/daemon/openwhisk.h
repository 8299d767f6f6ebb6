// Where an OpenWhisk action's code and versions lie: in the store, for an installed
// function; in a folder that ends with this process, for code that /init brings.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "fwrun/daemon/options.h"
#include "gateway/openwhisk/action.h"
#include "store/home.h"

namespace fw::daemon {

class ActionHome {
 public:
  // kNotFound when the function is not installed.
  static Result<ActionHome> make(const store::Home& home, const Options& options);
  ActionHome(ActionHome&& other) noexcept;
  ActionHome& operator=(ActionHome&&) = delete;
  ~ActionHome();

  const store::Home& home() const { return home_; }
  const gateway::openwhisk::ActionOptions& options() const { return options_; }

 private:
  ActionHome(store::Home home, gateway::openwhisk::ActionOptions options)
      : home_(std::move(home)), options_(std::move(options)) {}

  store::Home home_;
  gateway::openwhisk::ActionOptions options_;
  std::filesystem::path temporary_;  // empty: none
};

}  // namespace fw::daemon

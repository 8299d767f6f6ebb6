// A store of its own for a test, with functions of tests/e2e/fixtures in it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "store/home.h"
#include "tests/fwrun/command.h"
#include "tests/store/temp_folder.h"

namespace fw::testing {

class Installation {
 public:
  Installation();
  // Checks that nothing is left: no process, no litter in the store, no
  // descriptor of this process.
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  // A command in this store, for --json unless its words say otherwise.
  Command command(std::vector<std::string> words) const;

  // fwrun --install of a fixture ("hello.js", "package"); more options may follow.
  // NAME.train.json beside the fixture is used to train it.
  Finished try_install(const std::string& fixture, std::vector<std::string> options = {}) const;
  // The same, required to succeed: the JSON printed.
  nlohmann::json install(const std::string& fixture, std::vector<std::string> options = {}) const;

  // fwrun --invoke: the JSON printed.
  nlohmann::json invoke(const std::string& name, const nlohmann::json& event = {}) const;
  // Its result, or its error; fails the test when it is the other.
  nlohmann::json result(const std::string& name, const nlohmann::json& event = {}) const;
  nlohmann::json error(const std::string& name, const nlohmann::json& event, int code = 1) const;

  const store::Home& home() const { return home_; }
  std::filesystem::path operator/(std::string_view name) const { return temp_ / name; }

 private:
  TempFolder temp_;
  store::Home home_;
  std::size_t descriptors_;
};

std::filesystem::path fixture(const std::string& name);

bool contains(const nlohmann::json& text, std::string_view part);

}  // namespace fw::testing

#include "tests/e2e/installation.h"

#include <doctest/doctest.h>

namespace fw::testing {

namespace fs = std::filesystem;

Installation::Installation() : home_(temp_ / "home"), descriptors_(open_descriptors()) {
  adopt_orphans();
}

Installation::~Installation() {
  const std::vector<std::string> left = children();
  CHECK_MESSAGE(left.empty(), "left behind: process " << (left.empty() ? "" : left.front()));
  CHECK(open_descriptors() == descriptors_);
  if (fs::exists(home_.root())) {
    CHECK(command({"--list"}).run().code == 0);
    CHECK(fs::is_empty(home_.staging()));
  }
}

Command Installation::command(std::vector<std::string> words) const {
  Command prepared(std::move(words));
  prepared.env("FWRUN_HOME", home_.root());
  return prepared;
}

Finished Installation::try_install(const std::string& name,
                                   std::vector<std::string> options) const {
  std::vector<std::string> words{"--json", "--install", fixture(name)};
  const fs::path events = fixture(fs::path(name).replace_extension(".train.json"));
  const bool given = std::find(options.begin(), options.end(), "--train") != options.end();
  if (!given && fs::exists(events)) words.insert(words.end(), {"--train", events});
  words.insert(words.end(), options.begin(), options.end());
  return command(std::move(words)).run();
}

nlohmann::json Installation::install(const std::string& name,
                                     std::vector<std::string> options) const {
  const Finished finished = try_install(name, std::move(options));
  REQUIRE_MESSAGE(finished.code == 0, finished.out);
  return finished.json();
}

nlohmann::json Installation::invoke(const std::string& name, const nlohmann::json& event) const {
  // By standard input: a command line holds 128 KB only.
  const std::string text = event.is_null() ? "{}" : event.dump();
  return command({"--json", "--invoke", name, "--args", "-"}).input(text).run().json();
}

nlohmann::json Installation::result(const std::string& name, const nlohmann::json& event) const {
  const nlohmann::json answer = invoke(name, event);
  REQUIRE_MESSAGE(answer.contains("result"), answer.dump());
  return answer["result"];
}

nlohmann::json Installation::error(const std::string& name, const nlohmann::json& event,
                                   int code) const {
  const Finished finished =
      command({"--json", "--invoke", name, "--args", "-"}).input(event.dump()).run();
  CHECK_MESSAGE(finished.code == code, finished.out);
  const nlohmann::json answer = finished.json();
  REQUIRE_MESSAGE(answer.contains("error"), answer.dump());
  return answer["error"];
}

fs::path fixture(const std::string& name) {
  return fs::path(FW_SOURCE_DIR "/tests/e2e/fixtures") / name;
}

bool contains(const nlohmann::json& text, std::string_view part) {
  return text.is_string() && text.get<std::string>().find(part) != std::string::npos;
}

}  // namespace fw::testing

// The routes on a fake pool and a fake queue of events, with functions that are installed
// by name only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gateway/lambda/api.h"
#include "tests/gateway/fake_pool.h"
#include "tests/store/temp_folder.h"

namespace fw::testing {

// Accepts or refuses, and keeps what it accepted.
class FakeQueue final : public gateway::events::Queue {
 public:
  using Event = gateway::events::Event;

  void submit(Event event, Submitted done) override;
  void look_up(std::string, std::function<void(Result<gateway::events::EventState>)>) override {}
  void dead_letters(std::string, std::size_t, DeadLetters) override {}
  void replay(std::string, std::function<void(Status)>) override {}
  void discard(std::string, std::function<void(Status)>) override {}
  std::size_t max_payload() const override { return std::size_t{256} << 10; }
  gateway::events::EventStats stats() override { return {}; }
  void close(std::uint64_t) override {}

  std::vector<Event> events;
  bool busy = false;
};

struct Answer {
  unsigned status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string header(std::string_view name) const;  // empty when there is none
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class LambdaFixture {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit LambdaFixture(const gateway::lambda::Options& options = {}, bool with_queue = true);

  Answer ask(boost::beast::http::verb method, const std::string& target, std::string body = {},
             const Headers& headers = {}, bool trusted = false);
  // POST .../functions/NAME/invocations; `name` may have a query.
  Answer invoke(const std::string& name, std::string body = {}, const Headers& headers = {});
  Answer get(const std::string& rest, bool trusted = false);  // "" or "/NAME..."

  // Installs a version of each.
  void install(const std::vector<std::string>& names);

  FakeQueue queue;
  gateway::logs::InvocationLog log;

 private:
  TempFolder folder_;
  store::Home home_;
  FakePool pool_;
  gateway::Routes routes_;
};

}  // namespace fw::testing

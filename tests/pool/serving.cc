#include "tests/pool/serving.h"

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <thread>

namespace fw::testing {

Serving::Serving(pool::Options options) : options_(std::move(options)) {
  options_.home = installation_.home();
}

Serving::~Serving() { close(); }

pool::Options Serving::default_options() {
  pool::Options options{store::Home("")};
  options.workers = 1;
  options.check_resets = true;
  options.restorer = FW_BIN_DIR "/fwrun-restore";
  return options;
}

pool::Pool& Serving::pool() {
  if (!pool_) {
    Result<std::unique_ptr<pool::Pool>> started = pool::Pool::start(options_);
    REQUIRE_MESSAGE(started.has_value(), started.error().message());
    pool_ = std::move(*started);
  }
  return *pool_;
}

void Serving::close(std::uint64_t patience_ms) {
  if (pool_) pool_->close(patience_ms);
  pool_.reset();
}

Serving::Answer Serving::begin(const std::string& function, std::string arguments,
                               unsigned worker) {
  auto promise = std::make_shared<std::promise<Result<pool::Served>>>();
  Answer answer = promise->get_future();
  pool::Worker* chosen = pool().workers().at(worker);
  boost::asio::post(chosen->loop(), [=, arguments = std::move(arguments)]() mutable {
    pool::Call call;
    call.function = function;
    call.arguments = std::move(arguments);
    chosen->invoke(std::move(call), [promise](Result<pool::Served> result) {
      promise->set_value(std::move(result));
    });
  });
  return answer;
}

Result<pool::Served> Serving::await(Answer& answer) {
  REQUIRE_MESSAGE(answer.wait_for(std::chrono::seconds(30)) == std::future_status::ready,
                  "no answer came");
  return answer.get();
}

Result<pool::Served> Serving::call(const std::string& function, std::string arguments,
                                   unsigned worker) {
  Answer answer = begin(function, std::move(arguments), worker);
  return await(answer);
}

nlohmann::json Serving::result(const std::string& function, std::string arguments,
                               unsigned worker) {
  const Result<pool::Served> served = call(function, std::move(arguments), worker);
  REQUIRE_MESSAGE(served.has_value(), served.error().message());
  REQUIRE_MESSAGE(served->invoked.ending == store::Ending::kResult, served->invoked.body);
  return nlohmann::json::parse(served->invoked.body);
}

pool::FunctionStats Serving::stats(const std::string& function) {
  return pool().stats().functions[function];
}

void Serving::set_policy(const std::string& function, const pool::Policy& policy) {
  const Status saved = pool::save_policy(installation_.home(), function, policy);
  REQUIRE_MESSAGE(saved.has_value(), saved.error().message());
}

}  // namespace fw::testing

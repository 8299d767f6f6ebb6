#include "gateway/openwhisk/action.h"

#include <mutex>
#include <thread>

#include "gateway/openwhisk/activation.h"
#include "gateway/openwhisk/members.h"
#include "gateway/openwhisk/output.h"
#include "gateway/openwhisk/source.h"
#include "store/install/install.h"

namespace fw::gateway::openwhisk {

namespace {

using boost::beast::http::verb;

Response ready() {
  Response response;
  response.body = R"({"ok":true})";
  return response;
}

// Names that an environment cannot have are left out, as a shell would.
Environment installable(const Environment& environment) {
  Environment kept;
  for (const auto& [name, value] : environment) {
    const bool is_name =
        !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
        name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
            std::string::npos;
    if (is_name && value.find('\0') == std::string::npos) kept[name] = value;
  }
  return kept;
}

}  // namespace

class OpenWhiskAction::Container {
 public:
  Container(const store::Home& home, logs::InvocationLog& log, ActionOptions options)
      : home_(home),
        log_(log),
        options_(std::move(options)),
        output_(options_.out_fd, options_.err_fd) {}
  ~Container() {
    if (installing_.joinable()) installing_.join();
  }

  void init(const std::shared_ptr<Exchange>& exchange);
  void run(const std::shared_ptr<Exchange>& exchange);

 private:
  enum class Phase { kFresh, kInstalling, kReady, kFailed };

  // What may be called now, if anything.
  struct Callable {
    std::string function;
    Environment environment;
  };
  Result<Callable> callable();

  void refuse(const Exchange& exchange, unsigned status, const std::string& message);
  void install(const std::shared_ptr<Exchange>& exchange, const Source& source);
  void answer(const Exchange& exchange, const std::string& function, Result<pool::Served> served);

  const store::Home& home_;
  logs::InvocationLog& log_;
  const ActionOptions options_;
  Output output_;

  std::mutex mutex_;
  Phase phase_ = Phase::kFresh;
  Callable callable_;
  std::thread installing_;
};

void OpenWhiskAction::Container::refuse(const Exchange& exchange, unsigned status,
                                        const std::string& message) {
  if (status == 403) {
    output_.complain(message + "\n");
  } else {
    output_.write(message + "\n");
  }
  exchange.respond(failure(status, message));
}

void OpenWhiskAction::Container::init(const std::shared_ptr<Exchange>& exchange) {
  const std::string& body = exchange->request.body;
  const auto message =
      members_of(body.empty() ? std::string_view("{}") : body, "the body of /init");
  if (!message) return refuse(*exchange, 400, message.error().message());
  const std::string_view text = find_member(*message, "value");
  const auto value = is_object(text) ? members_of(text, "value") : std::vector<Member>();
  const Source source = source_of(*value);

  std::unique_lock lock(mutex_);
  if (phase_ != Phase::kFresh) {
    lock.unlock();
    return refuse(*exchange, 403, "Cannot initialize the action more than once.");
  }
  if (!options_.function.empty()) {
    callable_ = {options_.function, environment_of(*value)};
    phase_ = Phase::kReady;
    lock.unlock();
    return exchange->respond(ready());
  }
  if (source.binary) {
    lock.unlock();
    return refuse(*exchange, 502,
                  "Initialization has failed: binary code (a zip file) is not supported: send the "
                  "source as text, or install the folder with fwrun --install");
  }
  if (source.code.empty() || source.main.empty()) {
    lock.unlock();
    return refuse(*exchange, 403, "Missing main/no code to execute.");
  }
  callable_ = {source.name, installable(environment_of(*value))};
  phase_ = Phase::kInstalling;
  installing_ = std::thread([this, exchange, source] { install(exchange, source); });
}

void OpenWhiskAction::Container::install(const std::shared_ptr<Exchange>& exchange,
                                         const Source& source) {
  const auto end = [this](Phase phase) {
    const std::lock_guard lock(mutex_);
    phase_ = phase;
  };
  Result<store::InstallRequest> request = write_source(source, options_.language, options_.folder);
  if (!request) {
    end(Phase::kFailed);
    return refuse(*exchange, 502, "Initialization has failed: " + request.error().message());
  }
  request->environment = callable_.environment;  // of this thread while it installs
  request->memory_mb = options_.memory_mb;
  request->timeout_ms = options_.timeout_ms;
  const store::InstallResult installed = store::install(home_, *request, [](auto) {});
  if (!installed) {
    end(Phase::kFailed);
    const store::InstallFailure& error = installed.error();
    return refuse(*exchange, 502,
                  "Initialization has failed due to: " + error.error.message() +
                      (error.host_output.empty() ? "" : "\n" + error.host_output));
  }
  end(Phase::kReady);
  exchange->respond(ready());
}

Result<OpenWhiskAction::Container::Callable> OpenWhiskAction::Container::callable() {
  const std::lock_guard lock(mutex_);
  switch (phase_) {
    case Phase::kReady:
      return callable_;
    case Phase::kFresh:
      return fail(Errc::kRefused, "System not ready: the action was not initialized, POST /init");
    case Phase::kInstalling:
      return fail(Errc::kRefused, "System not ready: the action is being initialized.");
    case Phase::kFailed:
      break;
  }
  return fail(Errc::kRefused, "System not ready: the initialization of the action has failed.");
}

void OpenWhiskAction::Container::run(const std::shared_ptr<Exchange>& exchange) {
  const Result<Callable> target = callable();
  if (!target) return refuse(*exchange, 403, target.error().message());
  const std::string_view traceparent = exchange->request.header("traceparent");
  Result<pool::Call> call =
      read_activation(exchange->request.body, traceparent, target->environment);
  if (!call) return refuse(*exchange, 400, call.error().message());
  call->function = target->function;
  if (call->timeout_ms == 0 && options_.function.empty()) call->timeout_ms = options_.timeout_ms;
  exchange->worker->invoke(
      std::move(*call), [this, exchange, function = target->function](Result<pool::Served> served) {
        answer(*exchange, function, std::move(served));
      });
}

void OpenWhiskAction::Container::answer(const Exchange& exchange, const std::string& function,
                                        Result<pool::Served> served) {
  const std::string_view traceparent = exchange.request.header("traceparent");
  if (!served) {
    log_.note_failure(function, {}, served.error(), traceparent);
    return refuse(exchange, 502, served.error().message());
  }
  log_.note(function, *served, traceparent);
  output_.write(served->invoked, complaint_about(served->invoked));
  exchange.respond(answer_to(std::move(served->invoked)));
}

OpenWhiskAction::OpenWhiskAction(const store::Home& home, logs::InvocationLog& log,
                                 ActionOptions options)
    : container_(std::make_unique<Container>(home, log, std::move(options))) {}

OpenWhiskAction::~OpenWhiskAction() = default;

void OpenWhiskAction::add_routes(Routes& routes) {
  Container* container = container_.get();
  routes.add(verb::post, "/init", [container](const auto& exchange) { container->init(exchange); });
  routes.add(verb::post, "/run", [container](const auto& exchange) { container->run(exchange); });
}

}  // namespace fw::gateway::openwhisk

#include "fwrun/daemon/daemon.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/unique_fd.h"
#include "fwrun/daemon/admin_token.h"
#include "fwrun/daemon/openwhisk.h"
#include "gateway/events/queue.h"
#include "gateway/events/routes.h"
#include "gateway/functions/access.h"
#include "gateway/functions/routes.h"
#include "gateway/http/server.h"
#include "gateway/http_functions/route.h"
#include "gateway/lambda/api.h"
#include "gateway/logs/observer.h"
#include "gateway/logs/routes.h"
#include "gateway/metrics/route.h"
#include "pool/pool.h"

namespace fw::daemon {

namespace {

using gateway::http::Server;

constexpr std::uint64_t kEventPatienceMs = 5'000;

// SIGTERM and SIGINT, as a descriptor; blocked for all threads that are started later.
class Signals {
 public:
  static Result<Signals> take() {
    const sigset_t ends = the_ends();
    ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    UniqueFd fd(::signalfd(-1, &ends, SFD_CLOEXEC));
    if (!fd) return fail_errno("signalfd");
    return Signals(std::move(fd));
  }

  // Waits for the first. The second one ends the process.
  void await() const {
    signalfd_siginfo info{};
    while (::read(fd_.get(), &info, sizeof info) < 0 && errno == EINTR) {
    }
    const sigset_t ends = the_ends();
    ::pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);
  }

 private:
  explicit Signals(UniqueFd fd) : fd_(std::move(fd)) {}

  static sigset_t the_ends() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    return ends;
  }

  UniqueFd fd_;
};

pool::Options pool_options(const store::Home& home, const Options& options) {
  pool::Options chosen{home};
  chosen.workers = options.workers;
  chosen.max_running = options.max_running;
  chosen.use_cache = options.cache;
  chosen.use_templates = options.templates;
  chosen.low_memory_bytes = options.low_memory_mb << 20;
  chosen.check_resets = options.check_resets;
  return chosen;
}

void tell_ready(const Server& server, std::size_t workers) {
  for (const std::string& address : server.addresses()) {
    std::printf("fwrun: serving on http://%s (%zu worker%s)\n", address.c_str(), workers,
                workers == 1 ? "" : "s");
  }
  std::fflush(stdout);
}

// Begins to listen, serves until a signal comes, and answers what is under way then.
Status listen(const Signals& signals, pool::Pool& pool, const gateway::Routes& routes,
              gateway::http::ServerOptions options, std::uint64_t drain_ms,
              std::atomic<Server*>* while_serving = nullptr) {
  FW_TRY_ASSIGN(const std::unique_ptr<Server> server,
                Server::start(pool, routes, std::move(options)));
  if (while_serving != nullptr) *while_serving = server.get();
  tell_ready(*server, pool.workers().size());
  signals.await();
  (void)server->drain(drain_ms);
  if (while_serving != nullptr) *while_serving = nullptr;
  return {};
}

gateway::http::ServerOptions server_options(const Options& options) {
  gateway::http::ServerOptions chosen;
  chosen.addresses = options.addresses;
  // A little more, so that who limits bodies by itself, as Lambda does, says it in its words.
  constexpr std::size_t kSlack = std::size_t{64} << 10;
  chosen.limits.body_bytes = (static_cast<std::size_t>(options.max_body_mb) << 20) + kSlack;
  chosen.counters = std::make_shared<gateway::http::Counters>();
  return chosen;
}

gateway::logs::LogOptions log_options(const Options& options) {
  gateway::logs::LogOptions chosen;
  if (options.json_log) chosen.json_fd = STDERR_FILENO;
  return chosen;
}

Status serve_functions(const store::Home& home, const Options& options, const Signals& signals) {
  FW_TRY_ASSIGN(const std::string token, read_admin_token(options.admin_token_file));
  FW_TRY_ASSIGN(const std::unique_ptr<pool::Pool> pool,
                pool::Pool::start(pool_options(home, options)));
  gateway::logs::InvocationLog log(log_options(options));
  gateway::events::Options event_options;
  event_options.log = &log;
  FW_TRY_ASSIGN(const std::unique_ptr<gateway::events::Queue> queue,
                gateway::events::Queue::open(home.root() / "events.db", *pool, event_options));
  gateway::http::ServerOptions server = server_options(options);
  server.unix_socket = options.socket.empty() ? home.root() / store::kDaemonSocket : options.socket;

  const auto may_administer = [token](const gateway::Request& request) {
    return !gateway::functions::refuse_unless_admin(request, {token});
  };
  gateway::Routes routes;
  std::atomic<Server*> running{nullptr};
  const gateway::functions::FunctionRoutes functions(routes, {pool.get(), &log, token, [&running] {
                                                                const Server* now = running;
                                                                return now != nullptr &&
                                                                       now->draining();
                                                              }});
  const gateway::metrics::MetricsRoute metrics(routes, *pool, server.counters, queue.get());
  gateway::lambda::Options lambda;
  lambda.max_payload = static_cast<std::size_t>(options.max_body_mb) << 20;
  gateway::lambda::add_lambda_routes(routes, {home, log, queue.get()}, lambda);
  gateway::http_functions::add_http_function_routes(routes, log);
  gateway::events::add_event_routes(routes, home, *queue, may_administer);
  gateway::logs::add_log_routes(routes, log, may_administer);

  const Status listened =
      listen(signals, *pool, routes, std::move(server), options.drain_ms, &running);
  queue->close(kEventPatienceMs);
  pool->close(options.drain_ms);
  return listened;
}

Status serve_action(const store::Home& home, const Options& options, const Signals& signals) {
  FW_TRY_ASSIGN(const ActionHome place, ActionHome::make(home, options));
  FW_TRY_ASSIGN(const std::unique_ptr<pool::Pool> pool,
                pool::Pool::start(pool_options(place.home(), options)));
  gateway::logs::InvocationLog log(log_options(options));
  gateway::openwhisk::OpenWhiskAction action(place.home(), log, place.options());
  gateway::Routes routes;
  action.add_routes(routes);
  const Status listened = listen(signals, *pool, routes, server_options(options), options.drain_ms);
  pool->close(options.drain_ms);
  return listened;
}

}  // namespace

Status serve(const store::Home& home, const Options& options) {
  FW_TRY_ASSIGN(const Signals signals, Signals::take());
  return options.openwhisk ? serve_action(home, options, signals)
                           : serve_functions(home, options, signals);
}

}  // namespace fw::daemon

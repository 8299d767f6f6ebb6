#include "fwrun/daemon/daemon.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/files.h"
#include "gateway/events/queue.h"
#include "gateway/http/server.h"
#include "gateway/http_functions/route.h"
#include "gateway/lambda/api.h"
#include "gateway/logs/observer.h"
#include "gateway/logs/routes.h"
#include "pool/pool.h"

namespace fw::daemon {

namespace {

constexpr std::uint64_t kEventPatienceMs = 5'000;

// SIGTERM and SIGINT, as a descriptor; blocked for all threads that are started later.
Result<UniqueFd> take_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &ends, nullptr) != 0) return fail_errno("block signals");
  ::signal(SIGPIPE, SIG_IGN);
  UniqueFd fd(::signalfd(-1, &ends, SFD_CLOEXEC));
  if (!fd) return fail_errno("signalfd");
  return fd;
}

void await_signal(const UniqueFd& signals) {
  signalfd_siginfo info{};
  while (::read(signals.get(), &info, sizeof info) < 0 && errno == EINTR) {
  }
}

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

gateway::http::ServerOptions server_options(const store::Home& home, const Options& options) {
  gateway::http::ServerOptions chosen;
  chosen.addresses = options.addresses;
  chosen.unix_socket =
      options.socket.empty() ? home.root() / store::kDaemonSocket : options.socket;
  chosen.limits.body_bytes = static_cast<std::size_t>(options.max_body_mb) << 20;
  return chosen;
}

void tell_ready(const gateway::http::Server& server, std::size_t workers) {
  for (const std::string& address : server.addresses()) {
    std::printf("fwrun: serving on http://%s (%zu worker%s)\n", address.c_str(), workers,
                workers == 1 ? "" : "s");
  }
  std::fflush(stdout);
}

}  // namespace

Status serve(const store::Home& home, const Options& options) {
  FW_TRY_ASSIGN(const UniqueFd signals, take_signals());
  FW_TRY_ASSIGN(const std::unique_ptr<pool::Pool> pool,
                pool::Pool::start(pool_options(home, options)));
  gateway::logs::LogOptions log_options;
  if (options.json_log) log_options.json_fd = STDERR_FILENO;
  gateway::logs::InvocationLog log(log_options);
  FW_TRY_ASSIGN(const std::unique_ptr<gateway::events::Queue> queue,
                gateway::events::Queue::open(home.root() / "events.db", *pool));

  gateway::Routes routes;
  gateway::lambda::add_lambda_routes(routes, {home, log, queue.get()});
  gateway::http_functions::add_http_function_routes(routes, log);
  gateway::logs::add_log_routes(
      routes, log, [](const gateway::Request& request) { return request.trusted; });

  FW_TRY_ASSIGN(const std::unique_ptr<gateway::http::Server> server,
                gateway::http::Server::start(*pool, routes, server_options(home, options)));
  tell_ready(*server, pool->workers().size());
  await_signal(signals);
  // A second one ends it at once.
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  (void)server->drain(options.drain_ms);
  queue->close(kEventPatienceMs);
  pool->close(options.drain_ms);
  return {};
}

}  // namespace fw::daemon

// An action container for tests: action_server HOME FUNCTION, or action_server HOME -
// nodejs|python FOLDER. Prints its address first, and ends when its standard input does.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "gateway/http/server.h"
#include "gateway/openwhisk/action.h"
#include "pool/pool.h"

namespace {

using namespace fw;

Status serve(const store::Home& home, gateway::openwhisk::ActionOptions action_options) {
  pool::Options pool_options{home};
  pool_options.workers = 1;
  FW_TRY_ASSIGN(const std::unique_ptr<pool::Pool> pool, pool::Pool::start(pool_options));
  gateway::logs::InvocationLog log;
  gateway::openwhisk::OpenWhiskAction action(home, log, std::move(action_options));
  gateway::Routes routes;
  action.add_routes(routes);
  gateway::http::ServerOptions options;
  options.addresses = {"127.0.0.1:0"};
  FW_TRY_ASSIGN(const std::unique_ptr<gateway::http::Server> server,
                gateway::http::Server::start(*pool, routes, options));
  std::printf("%s\n", server->addresses().front().c_str());
  std::fflush(stdout);
  char byte = 0;
  while (::read(0, &byte, 1) > 0) {
  }
  (void)server->drain(1000);
  pool->close(1000);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) return 2;
  const store::Home home(argv[1]);
  gateway::openwhisk::ActionOptions options;
  if (argc == 3) {
    options.function = argv[2];
  } else {
    options.language =
        std::string(argv[3]) == "python" ? store::Language::kPython : store::Language::kJavaScript;
    options.folder = argv[4];
  }
  Status served = home.create();
  if (served) served = serve(home, std::move(options));
  if (!served) std::fprintf(stderr, "%s\n", served.error().message().c_str());
  return served ? 0 : 1;
}

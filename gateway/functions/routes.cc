#include "gateway/functions/routes.h"

#include <nlohmann/json.hpp>

#include "gateway/desk.h"
#include "gateway/functions/access.h"
#include "gateway/functions/describe.h"
#include "gateway/functions/installer.h"
#include "gateway/functions/invoke_route.h"
#include "store/catalog.h"
#include "store/name.h"

namespace fw::gateway::functions {

using boost::beast::http::verb;
using nlohmann::json;
using Shared = std::shared_ptr<Exchange>;

namespace {

Response response_of(const Result<json>& body) {
  if (!body) return error_response(body.error());
  Response response;
  response.body = body->dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

}  // namespace

class FunctionRoutes::Desks {
 public:
  explicit Desks(FunctionOptions options)
      : pool_(*options.pool), access_{options.admin_token}, installer_(pool_.home()) {}

  void add_to(Routes& routes) {
    routes.add(verb::get, "/functions", [this](Shared exchange) {
      desk_.answer(std::move(exchange), [this](const Exchange&) {
        return response_of(describe_all(pool_.home(), pool_.stats()));
      });
    });
    routes.add(verb::get, "/functions/{name}", [this](Shared exchange) {
      desk_.answer(std::move(exchange), [this](const Exchange& asked) {
        return response_of(describe_one(pool_.home(), asked.captures.front(), pool_.stats()));
      });
    });
    routes.add(verb::get, "/functions/{name}/policy", [this](Shared exchange) {
      desk_.answer(std::move(exchange), [this](const Exchange& asked) { return policy(asked); });
    });
    add_for_admin(routes, verb::put, "/functions/{name}/policy", [this](Shared exchange) {
      desk_.answer(std::move(exchange),
                   [this](const Exchange& asked) { return change_policy(asked); });
    });
    add_for_admin(routes, verb::put, "/functions/{name}",
                  [this](Shared exchange) { install(std::move(exchange)); });
    add_for_admin(routes, verb::delete_, "/functions/{name}", [this](Shared exchange) {
      desk_.answer(std::move(exchange), [this](const Exchange& asked) {
        return installer_.remove(asked.captures.front());
      });
    });
  }

 private:
  void add_for_admin(Routes& routes, verb method, std::string_view pattern, Route route) {
    routes.add(method, pattern, [this, its = std::move(route)](Shared exchange) {
      if (auto refusal = refuse_unless_admin(exchange->request, access_)) {
        exchange->respond(std::move(*refusal));
        return;
      }
      its(std::move(exchange));
    });
  }

  void install(Shared exchange) {
    const Status name = store::check_name(exchange->captures.front());
    Result<WantedInstall> wanted = name ? read_install(*exchange) : fail(name.error());
    if (!wanted) {
      exchange->respond(error_response(wanted.error()));
      return;
    }
    installer_.install(std::move(exchange), std::move(*wanted));
  }

  Result<pool::Policy> load(const std::string& name) {
    FW_TRY_ASSIGN(const std::optional<std::uint64_t> version,
                  store::current_version(pool_.home(), name));
    if (!version) return fail(store::unknown_function(pool_.home(), name));
    return pool::load_policy(pool_.home(), name);
  }

  Response policy(const Exchange& asked) {
    const Result<pool::Policy> loaded = load(asked.captures.front());
    return loaded ? response_of(to_json(*loaded)) : error_response(loaded.error());
  }

  Response change_policy(const Exchange& asked) {
    const std::string& name = asked.captures.front();
    Result<pool::Policy> wanted = load(name);
    if (wanted) wanted = changed(*wanted, asked.request.body);
    if (!wanted) return error_response(wanted.error());
    if (const Status saved = pool::save_policy(pool_.home(), name, *wanted); !saved) {
      return error_response(saved.error());
    }
    return response_of(to_json(*wanted));
  }

  pool::Pool& pool_;
  const Access access_;
  Installer installer_;
  Desk desk_;  // last: what is queued there uses the others
};

FunctionRoutes::FunctionRoutes(Routes& routes, FunctionOptions options) {
  add_invoke_route(routes, options.log);
  routes.add(verb::get, "/healthz", [draining = options.draining](const Shared& exchange) {
    Response response;
    const bool ending = draining && draining();
    response.status = ending ? 503 : 200;
    response.body = ending ? R"({"status":"draining"})" : R"({"status":"ok"})";
    exchange->respond(std::move(response));
  });
  desks_ = std::make_unique<Desks>(std::move(options));
  desks_->add_to(routes);
}

FunctionRoutes::~FunctionRoutes() = default;

}  // namespace fw::gateway::functions

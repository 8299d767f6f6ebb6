#include "gateway/lambda/api.h"

#include "gateway/lambda/invoke.h"
#include "gateway/lambda/reading.h"

namespace fw::gateway::lambda {

namespace {

using boost::beast::http::verb;
using Reading = Response (*)(const Parts&, const Exchange&);

Route reading(const Parts& parts, Reading read) {
  return [parts, read](const std::shared_ptr<Exchange>& exchange) {
    exchange->respond(read(parts, *exchange));
  };
}

}  // namespace

void add_lambda_routes(Routes& routes, const Parts& parts, const Options& options) {
  routes.add(verb::post, "/2015-03-31/functions/{name}/invocations",
             [parts, options](std::shared_ptr<Exchange> exchange) {
               invoke(parts, options, std::move(exchange));
             });
  // With and without a slash at its end.
  routes.add(verb::get, "/2015-03-31/functions/{rest*}", reading(parts, list_functions));
  routes.add(verb::get, "/2015-03-31/functions/{name}", reading(parts, get_function));
  routes.add(verb::get, "/2015-03-31/functions/{name}/configuration",
             reading(parts, get_configuration));
}

}  // namespace fw::gateway::lambda

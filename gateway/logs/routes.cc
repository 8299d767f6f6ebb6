#include "gateway/logs/routes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/logs/json_line.h"
#include "gateway/logs/log_text.h"

namespace fw::gateway::logs {

namespace {

using boost::beast::http::verb;
using nlohmann::ordered_json;

bool wants_json(const Request& request) {
  return request.query == "format=json" ||
         request.header("Accept").find("application/json") != std::string_view::npos;
}

std::string as_json(const Record& record) {
  ordered_json object = to_json(record);
  if (!record.error.empty()) object["error"] = record.error;
  ordered_json& output = object["output"] = ordered_json::array();
  for (const args::LogEntry& entry : record.output) {
    output.push_back({{"stream", entry.stream == args::Stream::kStdout ? "stdout" : "stderr"},
                      {"text", entry.text}});
  }
  if (record.output_dropped != 0) object["output_dropped"] = record.output_dropped;
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Response answer(const Request& request, const std::string& id, const InvocationLog& log,
                const MayRead& may_read) {
  if (!may_read(request)) {
    return error_response(403, "forbidden",
                          "logs are for the user who runs this daemon: ask through its Unix "
                          "socket, or with the administrator's token");
  }
  const std::optional<Record> record = log.find(id);
  if (!record) {
    return error_response(
        404, "not_found",
        "no log of an invocation '" + id + "': only those of the last invocations are kept");
  }
  Response response;
  if (wants_json(request)) {
    response.body = as_json(*record);
  } else {
    response.content_type = "text/plain; charset=utf-8";
    response.body = render(*record).text;
  }
  return response;
}

}  // namespace

void add_log_routes(Routes& routes, const InvocationLog& log, MayRead may_read) {
  routes.add(
      verb::get, "/logs/{request_id}",
      [&log, may_read = std::move(may_read)](const std::shared_ptr<Exchange>& exchange) {
        exchange->respond(answer(exchange->request, exchange->captures.at(0), log, may_read));
      });
}

}  // namespace fw::gateway::logs

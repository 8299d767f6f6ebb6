#include "gateway/events/routes.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gateway/call_context.h"
#include "gateway/events/json.h"
#include "gateway/percent.h"
#include "store/catalog.h"
#include "store/json_text.h"
#include "store/name.h"

namespace fw::gateway::events {

namespace {

using boost::beast::http::verb;
using nlohmann::ordered_json;
using ExchangePtr = std::shared_ptr<Exchange>;

constexpr std::size_t kDefaultLimit = 100;
constexpr std::size_t kMostLetters = 1000;

Response json_response(unsigned status, const ordered_json& json) {
  Response response;
  response.status = status;
  response.body = to_text(json);
  return response;
}

// A queue that is full or closing is no fault of the caller's: 503, as all will be told.
Response submit_error(const Error& error) {
  if (error.code() != Errc::kBusy) return error_response(error);
  Response response = error_response(503, name_of(error.code()), error.message());
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

// kNotFound for a function that is not installed.
Status check_function(const store::Home& home, const std::string& name) {
  if (!store::valid_name(name)) return fail(store::unknown_function(home, name));
  FW_TRY_ASSIGN(const std::optional<std::uint64_t> version, store::current_version(home, name));
  if (!version) return fail(store::unknown_function(home, name));
  return {};
}

Result<Event> event_from(Exchange& exchange) {
  const Request& request = exchange.request;
  Event event;
  event.function = exchange.captures.at(0);
  event.request_id = request.header("X-Request-Id");
  event.idempotency_key = request.header("Idempotency-Key");
  CallContext context;
  context.traceparent = request.header("traceparent");
  context.tracestate = request.header("tracestate");
  event.call_context = to_text(context);
  event.arguments = request.body.empty() ? "{}" : std::move(exchange.request.body);
  FW_TRY(store::check_json(event.arguments, "the body"));
  return event;
}

void submit(const store::Home& home, Queue& queue, const ExchangePtr& exchange) {
  if (const Status known = check_function(home, exchange->captures.at(0)); !known) {
    return exchange->respond(error_response(known.error()));
  }
  if (exchange->request.body.size() > queue.max_payload()) {
    return exchange->respond(
        error_response(413, "too_large",
                       "the event has " + std::to_string(exchange->request.body.size()) +
                           " bytes, and " + std::to_string(queue.max_payload()) + " are allowed"));
  }
  Result<Event> event = event_from(*exchange);
  if (!event) return exchange->respond(error_response(event.error()));
  queue.submit(std::move(*event), [exchange](const Result<Accepted>& accepted) {
    if (!accepted) return exchange->respond(submit_error(accepted.error()));
    ordered_json json{{"event_id", accepted->event_id}, {"request_id", accepted->request_id}};
    if (accepted->duplicate) json["duplicate"] = true;
    exchange->respond(json_response(202, json));
  });
}

void look_up(Queue& queue, const ExchangePtr& exchange) {
  queue.look_up(exchange->captures.at(0), [exchange](const Result<EventState>& state) {
    exchange->respond(state ? json_response(200, to_json(*state)) : error_response(state.error()));
  });
}

struct Listing {
  std::string function;
  std::size_t limit = kDefaultLimit;
};

Result<Listing> listing_from(std::string_view query) {
  Listing listing;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    std::string value;
    if (!percent_decode(pair.substr(std::min(equals + 1, pair.size())), value)) {
      return fail(Errc::kBadInput, "the query is badly percent-encoded");
    }
    if (name == "function") {
      listing.function = value;
    } else if (name == "limit") {
      const auto [last, error] =
          std::from_chars(value.data(), value.data() + value.size(), listing.limit);
      if (error != std::errc() || last != value.data() + value.size() || listing.limit == 0 ||
          listing.limit > kMostLetters) {
        return fail(Errc::kBadInput, "limit '" + value + "': expected a whole number from 1 to " +
                                         std::to_string(kMostLetters));
      }
    } else if (!pair.empty()) {
      return fail(Errc::kBadInput, "'" + std::string(name) +
                                       "' is unknown: dead letters are chosen by function and "
                                       "limit");
    }
  }
  return listing;
}

void list(Queue& queue, const ExchangePtr& exchange) {
  const Result<Listing> listing = listing_from(exchange->request.query);
  if (!listing) return exchange->respond(error_response(listing.error()));
  queue.dead_letters(listing->function, listing->limit,
                     [exchange](const Result<std::vector<DeadLetter>>& letters) {
                       if (!letters) return exchange->respond(error_response(letters.error()));
                       ordered_json all = ordered_json::array();
                       for (const DeadLetter& letter : *letters) all.push_back(to_json(letter));
                       exchange->respond(json_response(200, {{"dead_letters", std::move(all)}}));
                     });
}

void replay(Queue& queue, const ExchangePtr& exchange) {
  queue.replay(exchange->captures.at(0), [exchange](const Status& replayed) {
    exchange->respond(replayed ? json_response(202, {{"event_id", exchange->captures.at(0)}})
                               : error_response(replayed.error()));
  });
}

void discard(Queue& queue, const ExchangePtr& exchange) {
  queue.discard(exchange->captures.at(0), [exchange](const Status& discarded) {
    if (!discarded) return exchange->respond(error_response(discarded.error()));
    Response response;
    response.status = 204;
    exchange->respond(std::move(response));
  });
}

// `route` for those who may, 403 for others.
Route guarded(MayAdminister may_administer, Queue& queue,
              void (*route)(Queue&, const ExchangePtr&)) {
  return [may_administer = std::move(may_administer), &queue, route](const ExchangePtr& exchange) {
    if (may_administer(exchange->request)) return route(queue, exchange);
    exchange->respond(error_response(
        403, "forbidden",
        "dead letters are for the user who runs this daemon: ask through its Unix socket, or "
        "with the administrator's token"));
  };
}

}  // namespace

void add_event_routes(Routes& routes, const store::Home& home, Queue& queue,
                      MayAdminister may_administer) {
  routes.add(verb::post, "/events/{name}",
             [home, &queue](const ExchangePtr& exchange) { submit(home, queue, exchange); });
  routes.add(verb::get, "/events/{id}",
             [&queue](const ExchangePtr& exchange) { look_up(queue, exchange); });
  routes.add(verb::get, "/events/dead-letters", guarded(may_administer, queue, list));
  routes.add(verb::post, "/events/dead-letters/{id}/replay",
             guarded(may_administer, queue, replay));
  routes.add(verb::delete_, "/events/dead-letters/{id}",
             guarded(std::move(may_administer), queue, discard));
}

}  // namespace fw::gateway::events

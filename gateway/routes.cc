// Routes: which pattern a path fits, and what it captures. A path is looked at piece by
// piece where it lies: a request allocates only what it captures.
#include <algorithm>

#include "gateway/exchange.h"
#include "gateway/percent.h"

namespace fw::gateway {

namespace {

using boost::beast::http::verb;

// Takes the piece up to the next '/' from what is left of a path, which begins with one.
std::string_view take_piece(std::string_view& rest) {
  rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end);
  return piece;
}

}  // namespace

bool Routes::more_literal(const Pattern& a, const Pattern& b) {
  return std::lexicographical_compare(
      a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
      [](const Piece& one, const Piece& other) { return one.kind < other.kind; });
}

void Routes::add(verb method, std::string_view pattern, Route route) {
  Pattern added{method, {}, std::move(route)};
  while (pattern.size() > 1) {
    const std::string_view piece = take_piece(pattern);
    if (piece.starts_with('{') && piece.ends_with("*}")) {
      added.pieces.push_back({PieceKind::kRest});
    } else if (piece.starts_with('{') && piece.ends_with('}')) {
      added.pieces.push_back({PieceKind::kCapture});
    } else {
      added.pieces.push_back({PieceKind::kLiteral, std::string(piece)});
    }
  }
  const auto place = std::upper_bound(patterns_.begin(), patterns_.end(), added, more_literal);
  patterns_.insert(place, std::move(added));
}

bool Routes::matches(const Pattern& pattern, std::string_view path) {
  if (!path.starts_with('/')) return false;
  if (path == "/") path = {};
  for (const Piece& wanted : pattern.pieces) {
    if (wanted.kind == PieceKind::kRest) return true;
    if (path.empty()) return false;
    const std::string_view piece = take_piece(path);
    if (wanted.kind == PieceKind::kLiteral ? piece != wanted.literal : piece.empty()) return false;
  }
  return path.empty();
}

bool Routes::capture(const Pattern& pattern, Exchange& exchange) {
  std::string_view path = exchange.request.path;
  const auto keep = [&](std::string_view encoded) {
    return percent_decode(encoded, exchange.captures.emplace_back());
  };
  for (const Piece& wanted : pattern.pieces) {
    if (wanted.kind == PieceKind::kRest) return keep(path.substr(path.empty() ? 0 : 1));
    const std::string_view piece = take_piece(path);
    if (wanted.kind == PieceKind::kCapture && !keep(piece)) return false;
  }
  return true;
}

const Routes::Pattern* Routes::find(verb method, std::string_view path) const {
  for (const Pattern& pattern : patterns_) {
    if (pattern.method == method && matches(pattern, path)) return &pattern;
  }
  return method == verb::head ? find(verb::get, path) : nullptr;
}

std::string Routes::allowed_for(std::string_view path) const {
  std::vector<std::string> methods;
  const auto allow = [&](verb method) {
    const auto name = boost::beast::http::to_string(method);
    methods.emplace_back(name.data(), name.size());
  };
  for (const Pattern& pattern : patterns_) {
    if (!matches(pattern, path)) continue;
    allow(pattern.method);
    if (pattern.method == verb::get) allow(verb::head);
  }
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  std::string text;
  for (const std::string& method : methods) text += (text.empty() ? "" : ", ") + method;
  return text;
}

void Routes::dispatch(std::shared_ptr<Exchange> exchange) const {
  const Request& request = exchange->request;
  if (const Pattern* pattern = find(request.method, request.path)) {
    if (!capture(*pattern, *exchange)) {
      exchange->respond(error_response(
          400, "bad_input",
          "the path is badly percent-encoded: '%' must be followed by two hexadecimal digits"));
      return;
    }
    pattern->route(std::move(exchange));
    return;
  }
  const std::string allowed = allowed_for(request.path);
  if (allowed.empty()) {
    exchange->respond(
        error_response(404, "not_found", "nothing is at " + std::string(request.path)));
    return;
  }
  Response response =
      error_response(405, "method_not_allowed",
                     "this method is not for " + std::string(request.path) + ": use " + allowed);
  response.headers.emplace_back("Allow", allowed);
  exchange->respond(std::move(response));
}

}  // namespace fw::gateway

// Exchange: one HTTP request and the way to answer it, for those who implement what
// lies behind a path. They know nothing of sockets, keep-alive or limits.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pool/worker.h"

namespace fw::gateway {

struct Request {
  boost::beast::http::verb method{};
  std::string target;      // as it came: path and query, percent-encoded
  std::string_view path;   // into target
  std::string_view query;  // into target, without '?'
  boost::beast::http::fields headers;
  std::string body;
  std::string peer;      // "127.0.0.1:4711"; "unix:PID" for the Unix socket
  bool trusted = false;  // came by the Unix socket from this user or root

  std::string_view header(std::string_view name) const;  // empty when there is none
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// {"error": message, "code": code} with a status; the shape of all errors but those of
// foreign protocols.
Response error_response(unsigned status, std::string_view code, std::string_view message);

// Of an error of the store or the pool: kNotFound 404, kBadInput 400, kBusy 429 with
// Retry-After, kClosing 503, kTimeout 504, else 500.
Response error_response(const Error& error);

// What a route is given. Alive until `respond` was called; move it into callbacks.
struct Exchange {
  Request request;
  std::vector<std::string> captures;  // decoded pieces of the path, for each {name} in order
  pool::Worker* worker = nullptr;     // on whose thread all this happens
  // Exactly once; from any thread.
  std::function<void(Response)> respond;
};

using Route = std::function<void(std::shared_ptr<Exchange>)>;

// Paths and what is behind them. Filled before the server starts; read by all workers
// afterwards.
class Routes {
 public:
  // "/functions/{name}/policy": a piece in braces matches one non-empty piece of a path
  // and is captured; {rest*} at the end matches the rest, possibly empty. The more
  // literal pattern wins, counted from the left. GET serves HEAD, too, unless HEAD has a
  // route of its own.
  void add(boost::beast::http::verb method, std::string_view pattern, Route route);

  // Finds the route and calls it; answers 404 or 405 (with Allow) when there is none, 400
  // when a captured piece is badly percent-encoded.
  void dispatch(std::shared_ptr<Exchange> exchange) const;

 private:
  // In the order in which a path decides between patterns.
  enum class PieceKind { kLiteral, kCapture, kRest };
  struct Piece {
    PieceKind kind{};
    std::string literal{};
  };
  struct Pattern {
    boost::beast::http::verb method{};
    std::vector<Piece> pieces{};
    Route route{};
  };

  static bool more_literal(const Pattern& a, const Pattern& b);
  static bool matches(const Pattern& pattern, std::string_view path);
  static bool capture(const Pattern& pattern, Exchange& exchange);
  const Pattern* find(boost::beast::http::verb method, std::string_view path) const;
  std::string allowed_for(std::string_view path) const;

  std::vector<Pattern> patterns_;  // the more literal one first
};

}  // namespace fw::gateway

#include "gateway/http/request_parser.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <new>

namespace fw::gateway::http {

namespace beast = boost::beast;

RequestParser::RequestParser(Request& request, Charge& charge, const Limits& limits)
    : request_(request),
      charge_(charge),
      limits_(limits),
      most_body_bytes_(request.trusted ? limits.trusted_body_bytes : limits.body_bytes) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(std::numeric_limits<std::uint64_t>::max());  // watched here
}

void RequestParser::put(std::string_view& data) {
  while (!data.empty() && !is_done() && problem_ == Problem::kNone) {
    error_code ec;
    const std::size_t used =
        basic_parser::put(boost::asio::const_buffer(data.data(), data.size()), ec);
    data.remove_prefix(used);
    if (ec == beast::http::error::need_more) return;
    if (!ec || problem_ != Problem::kNone) continue;
    problem_ =
        ec == beast::http::error::header_limit ? Problem::kHeaderTooLarge : Problem::kMalformed;
  }
}

void RequestParser::give_up(Problem problem, error_code& ec) {
  problem_ = problem;
  ec = beast::http::error::body_limit;  // any error ends the parsing
}

void RequestParser::on_request_impl(beast::http::verb method, string_view, string_view target,
                                    int version, error_code&) {
  request_.method = method;
  request_.target.assign(target.data(), target.size());
  version_ = version;
  split_target(request_);
}

void RequestParser::on_field_impl(beast::http::field name, string_view name_text, string_view value,
                                  error_code& ec) {
  if (++fields_ > limits_.header_fields) {
    give_up(Problem::kHeaderTooLarge, ec);
    return;
  }
  // What comes after the body (a trailer) was not there when the request was judged.
  if (!in_header_) return;
  if (name == beast::http::field::expect) {
    expects_continue_ = version_ >= 11 && beast::iequals(value, "100-continue");
  }
  request_.headers.insert(name, name_text, value);
}

void RequestParser::expect_body(std::uint64_t more, error_code& ec) {
  if (more > most_body_bytes_ - request_.body.size()) {
    give_up(Problem::kBodyTooLarge, ec);
  } else if (!charge_.take(more)) {
    give_up(Problem::kNoMemory, ec);
  }
}

// Here and not where the body begins, which is when its first byte is there.
void RequestParser::on_header_impl(error_code& ec) {
  in_header_ = false;
  const auto length = content_length();
  if (!length) return;
  expect_body(*length, ec);
  if (!ec) request_.body.reserve(static_cast<std::size_t>(*length));
}

std::size_t RequestParser::on_body_impl(string_view part, error_code&) {
  request_.body.append(part.data(), part.size());
  return part.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, string_view, error_code& ec) {
  expect_body(size, ec);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view part, error_code&) {
  request_.body.append(part.data(), part.size());
  return part.size();
}

void split_target(Request& request) {
  std::string_view rest = request.target;
  if (!rest.starts_with('/')) {
    const std::size_t scheme = rest.find("://");
    const std::size_t path = scheme == std::string_view::npos ? scheme : rest.find('/', scheme + 3);
    if (path != std::string_view::npos) rest.remove_prefix(path);
  }
  const std::size_t mark = std::min(rest.find('?'), rest.size());
  request.path = rest.substr(0, mark);
  request.query = mark < rest.size() ? rest.substr(mark + 1) : std::string_view();
}

}  // namespace fw::gateway::http

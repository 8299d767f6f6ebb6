// Parses one request, straight into a gateway::Request. Beast divides the text and
// refuses what is malformed; here the limits are watched.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>

#include "gateway/exchange.h"
#include "gateway/http/budget.h"
#include "gateway/http/limits.h"

namespace fw::gateway::http {

// Why a request is not served; the connection ends with the answer.
enum class Problem { kNone, kMalformed, kHeaderTooLarge, kBodyTooLarge, kNoMemory };

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  // All outlive the parser. `charge` is the request's, for what its body takes. A trusted
  // request may have a larger body.
  RequestParser(Request& request, Charge& charge, const Limits& limits);

  // Consumes what it can of `data`. While the request is not done() and there is no
  // problem(), more is needed.
  void put(std::string_view& data);

  bool done() const { return is_done(); }
  Problem problem() const { return problem_; }

  // Whether the client waits for "100 Continue" before it sends its body.
  bool expects_continue() const { return expects_continue_ && is_header_done(); }
  bool http10() const { return version_ < 11; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, string_view name, string_view target,
                       int version, error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                     error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view part, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view part, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  void give_up(Problem problem, error_code& ec);
  void expect_body(std::uint64_t more, error_code& ec);

  Request& request_;
  Charge& charge_;
  const Limits& limits_;
  const std::size_t most_body_bytes_;
  Problem problem_ = Problem::kNone;
  std::uint32_t fields_ = 0;
  int version_ = 11;
  bool in_header_ = true;
  bool expects_continue_ = false;
};

// Sets path and query from the target, which may be a whole URI.
void split_target(Request& request);

}  // namespace fw::gateway::http

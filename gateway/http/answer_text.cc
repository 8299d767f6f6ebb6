#include "gateway/http/answer_text.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ctime>

namespace fw::gateway::http {

namespace beast = boost::beast;

std::string_view DateText::now() {
  const std::time_t second = std::time(nullptr);
  if (second != second_) {
    second_ = second;
    std::tm parts{};
    ::gmtime_r(&second, &parts);
    length_ = std::strftime(text_, sizeof text_, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  }
  return {text_, length_};
}

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

namespace {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto [end, ignored] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_of_connection(std::string_view name) {
  // By length first: nearly no name gets further.
  constexpr std::array<std::string_view, 7> kNames{"Connection",       "Content-Length", "Date",
                                                   "Keep-Alive",       "Trailer",        "Upgrade",
                                                   "Transfer-Encoding"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) {
    return known.size() == name.size() &&
           beast::iequals({known.data(), known.size()}, {name.data(), name.size()});
  });
}

void append_value(std::string& out, std::string_view value) {
  const std::size_t from = out.size();
  out += value;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(from), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  append_value(out, value);
  out += "\r\n";
}

std::string_view reason_of(unsigned status) {
  const beast::string_view text = beast::http::obsolete_reason(beast::http::int_to_status(status));
  return {text.data(), text.size()};
}

}  // namespace

void append_head(std::string& out, const Response& response, Connection connection,
                 std::string_view date) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\nDate: ";
  out += date;
  out += "\r\n";
  if (connection == Connection::kClose) out += "Connection: close\r\n";
  if (connection == Connection::kKeepHttp10) out += "Connection: keep-alive\r\n";
  for (const auto& [name, value] : response.headers) {
    if (is_token(name) && !is_of_connection(name)) append_field(out, name, value);
  }
  if (has_body(response.status)) {
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace fw::gateway::http

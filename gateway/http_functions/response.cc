#include "gateway/http_functions/response.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/lambda/base64.h"

namespace fw::gateway::http_functions {

namespace {

using nlohmann::json;

tl::unexpected<Error> malformed(std::string message) {
  return fail(Errc::kFunction, std::move(message));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_of_server(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames{"connection", "content-length",    "date",
                                                   "keep-alive", "proxy-connection",  "te",
                                                   "trailer",    "transfer-encoding", "upgrade"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view one) { return same_name(one, name); });
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    const bool is_letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter_or_digit || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string::npos;
  });
}

bool ends_line(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::optional<std::string> text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

Status add_header(Response& response, const std::string& name, const json& value) {
  const std::optional<std::string> text = text_of(value);
  if (!text) return malformed("the value of the header " + name + " must be a string");
  if (!is_token(name)) return malformed("\"" + name + "\" cannot be the name of a header");
  if (ends_line(*text)) {
    return malformed("the value of the header " + name + " holds a line break or a zero byte");
  }
  if (is_of_server(name)) return {};
  if (same_name(name, "content-type")) {
    response.content_type = *text;
  } else {
    response.headers.emplace_back(name, *text);
  }
  return {};
}

// The member, if it is there and not null.
const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Status read_headers(const json& result, Response& response) {
  const json* single = member(result, "headers");
  const json* multiple = member(result, "multiValueHeaders");
  for (const json* one : {single, multiple}) {
    if (one != nullptr && !one->is_object()) return malformed("its headers must be an object");
  }
  if (multiple != nullptr) {
    for (const auto& [name, values] : multiple->items()) {
      if (!values.is_array())
        return malformed("the values of the header " + name + " must be an array");
      for (const json& value : values) FW_TRY(add_header(response, name, value));
    }
  }
  if (single == nullptr) return {};
  for (const auto& [name, value] : single->items()) {
    if (multiple == nullptr || !multiple->contains(name)) {
      FW_TRY(add_header(response, name, value));
    }
  }
  return {};
}

Status read_cookies(const json& result, Response& response) {
  const json* cookies = member(result, "cookies");
  if (cookies == nullptr) return {};
  if (!cookies->is_array()) return malformed("its cookies must be an array of strings");
  for (const json& cookie : *cookies) FW_TRY(add_header(response, "Set-Cookie", cookie));
  return {};
}

Status read_body(const json& result, Response& response) {
  const json* body = member(result, "body");
  if (body == nullptr) return {};
  if (!body->is_string()) {
    return malformed("its body must be a string: write JSON as text");
  }
  const auto& text = body->get_ref<const std::string&>();
  const json* encoded = member(result, "isBase64Encoded");
  if (encoded == nullptr || *encoded != true) {
    response.body = text;
    return {};
  }
  std::optional<std::string> bytes = lambda::from_base64(text);
  if (!bytes) return malformed("its body is not the base64 that isBase64Encoded promises");
  response.body = std::move(*bytes);
  return {};
}

// A number, or one written as text, as HTTP APIs take it.
Status read_status(const json& code, Response& response) {
  const std::string text = code.is_string() ? code.get<std::string>() : code.dump();
  unsigned status = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (problem != std::errc() || end != text.data() + text.size() || status < 200 || status > 599) {
    return malformed("its statusCode must be a whole number from 200 to 599, not " + text);
  }
  response.status = status;
  return {};
}

}  // namespace

Result<Response> response_of(std::string_view result) {
  Response response;
  const json parsed = json::parse(result, nullptr, false);
  if (parsed.is_discarded()) return malformed("it is no JSON");
  if (!parsed.is_object() || !parsed.contains("statusCode")) {
    response.body = result;
    return response;
  }
  FW_TRY(read_status(parsed.at("statusCode"), response));
  FW_TRY(read_headers(parsed, response));
  FW_TRY(read_cookies(parsed, response));
  FW_TRY(read_body(parsed, response));
  return response;
}

}  // namespace fw::gateway::http_functions

#include "gateway/http_functions/event.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/fields.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

#include "gateway/http_functions/utf8.h"
#include "gateway/lambda/base64.h"
#include "gateway/percent.h"

namespace fw::gateway::http_functions {

namespace {

using nlohmann::json;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Of the connection to us, not of the request.
bool is_of_connection(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames{
      "connection",        "expect", "keep-alive", "proxy-connection", "te",
      "transfer-encoding", "upgrade"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Calls `take` with each piece of `text` between separators.
template <typename Take>
void split(std::string_view text, char separator, const Take& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void add_joined(json& object, const std::string& name, std::string_view value) {
  const auto found = object.find(name);
  if (found == object.end()) {
    object[name] = value;
  } else {
    found->get_ref<std::string&>().append(",").append(value);
  }
}

// A '+' is a space in a query. What is badly encoded stays as it came.
std::string decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::string result;
  return percent_decode(spaced, result) ? result : std::string(text);
}

json query_of(std::string_view query) {
  json object = json::object();
  split(query, '&', [&](std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.empty()) return;
    add_joined(object, decoded(pair.substr(0, equals)),
               decoded(pair.substr(std::min(equals + 1, pair.size()))));
  });
  return object;
}

// "127.0.0.1:4711" and "[::1]:4711" without their ports.
std::string_view address_of(std::string_view peer) {
  if (peer.starts_with("unix:")) return "127.0.0.1";
  const std::string_view host = peer.substr(0, std::min(peer.rfind(':'), peer.size()));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

// "12/Mar/2020:19:03:58 +0000"
std::string time_text(std::uint64_t now_ms) {
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%02d/%s/%d:%02d:%02d:%02d +0000", utc.tm_mday,
                kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text.data();
}

struct Fields {
  json headers = json::object();
  json cookies = json::array();
};

Fields fields_of(const Request& request) {
  Fields fields;
  for (const auto& field : request.headers) {
    const std::string name = lower({field.name_string().data(), field.name_string().size()});
    const std::string_view value(field.value().data(), field.value().size());
    if (name == "cookie") {
      split(value, ';', [&](std::string_view one) {
        if (!trimmed(one).empty()) fields.cookies.push_back(trimmed(one));
      });
    } else if (!is_of_connection(name)) {
      add_joined(fields.headers, name, value);
    }
  }
  return fields;
}

}  // namespace

std::string_view path_below(std::string_view path) {
  constexpr std::string_view kRoot = "/http/";
  const std::size_t slash = path.find('/', kRoot.size());
  return slash == std::string_view::npos ? "/" : path.substr(slash);
}

std::string event_of(const Request& request, std::string_view request_id, std::uint64_t now_ms) {
  const std::string_view path = path_below(request.path);
  const auto method = boost::beast::http::to_string(request.method);
  const std::string_view host = request.header("Host");
  Fields fields = fields_of(request);
  json event{{"version", "2.0"},
             {"routeKey", "$default"},
             {"rawPath", path},
             {"rawQueryString", request.query},
             {"headers", std::move(fields.headers)},
             {"requestContext",
              {{"accountId", "anonymous"},
               {"apiId", "fwrun"},
               {"domainName", host},
               {"domainPrefix", host.substr(0, std::min(host.find('.'), host.size()))},
               {"http",
                {{"method", std::string_view(method.data(), method.size())},
                 {"path", path},
                 {"protocol", "HTTP/1.1"},
                 {"sourceIp", address_of(request.peer)},
                 {"userAgent", request.header("User-Agent")}}},
               {"requestId", request_id},
               {"routeKey", "$default"},
               {"stage", "$default"},
               {"time", time_text(now_ms)},
               {"timeEpoch", now_ms}}},
             {"isBase64Encoded", false}};
  if (!fields.cookies.empty()) event["cookies"] = std::move(fields.cookies);
  if (!request.query.empty()) event["queryStringParameters"] = query_of(request.query);
  if (!request.body.empty()) {
    const bool is_text = is_utf8(request.body);
    event["body"] = is_text ? request.body : lambda::base64(request.body);
    event["isBase64Encoded"] = !is_text;
  }
  return event.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace fw::gateway::http_functions

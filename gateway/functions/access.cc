#include "gateway/functions/access.h"

namespace fw::gateway::functions {

namespace {

// In a time that depends on the lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const volatile char one = i < a.size() ? a[i] : '\0';
    difference |= static_cast<unsigned char>(one ^ b[i]);
  }
  return difference == 0;
}

}  // namespace

std::optional<Response> refuse_unless_admin(const Request& request, const Access& access) {
  if (request.trusted) return {};
  if (access.token.empty()) {
    return error_response(403, "forbidden",
                          "functions cannot be changed here: the daemon was started without a "
                          "token for that; use the command line");
  }
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view given = request.header("Authorization");
  const bool bearer = given.starts_with(kScheme);
  if (bearer) given.remove_prefix(kScheme.size());
  if (bearer && equal_in_constant_time(given, access.token)) return {};
  Response response =
      error_response(401, "unauthorized", "send the daemon's token: Authorization: Bearer TOKEN");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace fw::gateway::functions

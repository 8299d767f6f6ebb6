#include "gateway/lambda/function_name.h"

#include <algorithm>
#include <vector>

#include "gateway/percent.h"

namespace fw::gateway::lambda {

namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t colon = text.find(':');
    pieces.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return pieces;
    text.remove_prefix(colon + 1);
  }
}

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_word(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_qualifier(std::string_view text) { return text == "$LATEST" || is_word(text); }

// What may stand before "function:NAME".
bool is_prefix(const std::vector<std::string_view>& pieces, std::size_t count) {
  switch (count) {
    case 0:
      return true;
    case 1:
      return is_account(pieces[0]);
    case 5:
      return pieces[0] == "arn" && pieces[1].starts_with("aws") && pieces[2] == "lambda" &&
             is_word(pieces[3]) && is_account(pieces[4]);
    default:
      return false;
  }
}

}  // namespace

tl::expected<FunctionName, ApiError> parse_function_name(std::string_view text,
                                                         std::string_view qualifier) {
  const auto bad = [&] {
    return tl::unexpected(bad_parameter(
        "'" + std::string(text) +
        "' names no function: give NAME, NAME:QUALIFIER, or the ARN of one (arn:aws:lambda:"
        "REGION:ACCOUNT:function:NAME)"));
  };
  std::vector<std::string_view> pieces = split(text);
  const auto mark =
      pieces.size() == 1 ? pieces.end() : std::find(pieces.begin(), pieces.end(), "function");
  if (mark != pieces.end()) {
    if (!is_prefix(pieces, static_cast<std::size_t>(mark - pieces.begin()))) return bad();
    pieces.erase(pieces.begin(), mark + 1);
  }
  if (pieces.empty() || pieces.size() > 2 || !is_word(pieces[0])) return bad();
  if (pieces.size() == 2 && !is_qualifier(pieces[1])) return bad();

  FunctionName function{std::string(pieces[0]), std::string(qualifier)};
  if (pieces.size() == 2) {
    if (!qualifier.empty() && qualifier != pieces[1]) {
      return tl::unexpected(bad_parameter(
          "The derived qualifier from the function name does not match the specified qualifier."));
    }
    function.qualifier = pieces[1];
  } else if (!qualifier.empty() && !is_qualifier(qualifier)) {
    return tl::unexpected(bad_parameter("'" + std::string(qualifier) +
                                        "' is no Qualifier: give $LATEST or a version's number"));
  }
  return function;
}

std::string arn_of(const FunctionName& function) {
  std::string arn = "arn:aws:lambda:local:000000000000:function:" + function.name;
  if (!function.qualifier.empty()) arn += ":" + function.qualifier;
  return arn;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) != name) continue;
    std::string value;
    const std::string_view encoded = pair.substr(std::min(equals + 1, pair.size()));
    return percent_decode(encoded, value) ? std::optional(std::move(value)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace fw::gateway::lambda

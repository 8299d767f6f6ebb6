#include "gateway/openwhisk/members.h"

#include <nlohmann/json.hpp>

#include "store/json_text.h"

namespace fw::gateway::openwhisk {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Goes through text that is known to be JSON.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  void skip_space() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }
  char next() const { return text_[at_]; }
  void step() { ++at_; }

  std::string_view take_value() {
    const std::size_t begin = at_;
    if (next() == '"') {
      skip_string();
    } else if (next() == '{' || next() == '[') {
      skip_nested();
    } else {
      at_ = std::min(text_.find_first_of(" \t\r\n,}]", at_), text_.size());
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  void skip_string() {
    for (step(); next() != '"'; step()) {
      if (next() == '\\') step();
    }
    step();
  }
  void skip_nested() {
    int depth = 0;
    do {
      at_ = text_.find_first_of("\"{}[]", at_);
      if (next() == '"') {
        skip_string();
        continue;
      }
      depth += next() == '{' || next() == '[' ? 1 : -1;
      step();
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string plain_text(std::string_view value) {
  if (!is_string(value)) return std::string(value);
  return nlohmann::json::parse(value).get<std::string>();
}

Result<std::vector<Member>> members_of(std::string_view text, std::string_view what) {
  FW_TRY_ASSIGN(const store::JsonShape shape, store::check_json(text, what));
  if (shape.kind != store::JsonKind::kObject) {
    return fail(Errc::kBadInput, std::string(what) + " must be a JSON object");
  }
  std::vector<Member> members;
  Walker walker(text);
  walker.skip_space();
  walker.step();
  for (walker.skip_space(); walker.next() != '}'; walker.skip_space()) {
    if (walker.next() == ',') {
      walker.step();
      walker.skip_space();
    }
    const std::string_view name = walker.take_value();
    walker.skip_space();
    walker.step();  // the colon
    walker.skip_space();
    members.push_back({plain_text(name), walker.take_value()});
  }
  return members;
}

std::string_view find_member(const std::vector<Member>& members, std::string_view name) {
  std::string_view found;
  for (const Member& member : members) {
    if (member.name == name) found = member.text;
  }
  return found;
}

}  // namespace fw::gateway::openwhisk

#include "tests/bench/well_formed.h"

#include <array>
#include <set>
#include <vector>

namespace fw::test {

namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::string run() {
    while (fault_.empty() && at_ < text_.size()) {
      text_[at_] == '<' ? tag() : characters('<');
    }
    if (fault_.empty() && !open_.empty()) fail("the element " + open_.back() + " is not closed");
    if (fault_.empty() && roots_ != 1) fail(std::to_string(roots_) + " root elements");
    return fault_;
  }

 private:
  void fail(const std::string& what) {
    if (fault_.empty()) fault_ = what + " at byte " + std::to_string(at_);
  }
  bool take(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '-' || text_[at_] == ':')) {
      ++at_;
    }
    if (at_ == from) fail("a name is missing");
    return std::string(text_.substr(from, at_ - from));
  }

  // Up to `end`, or to the end of the text outside of elements.
  void characters(char end) {
    while (at_ < text_.size() && text_[at_] != end) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte == '&' && !entity()) return fail("an unescaped &");
      if (byte == '<') return fail("an unescaped <");
      if (byte < ' ' && byte != '\n' && byte != '\t') return fail("a control character");
      if (open_.empty() && end == '<' && byte != '\n') return fail("text outside of the root");
      ++at_;
    }
  }
  bool entity() {
    constexpr std::array<std::string_view, 5> kKnown{"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (const std::string_view known : kKnown) {
      if (take(known)) {
        --at_;  // characters() steps over the last one
        return true;
      }
    }
    return false;
  }

  void tag() {
    if (take("</")) {
      const std::string closed = name();
      if (open_.empty() || open_.back() != closed) return fail("</" + closed + "> closes nothing");
      open_.pop_back();
      if (!take(">")) fail("> is missing");
      return;
    }
    take("<");
    const std::string opened = name();
    if (open_.empty()) ++roots_;
    std::set<std::string> attributes;
    while (fault_.empty() && take(" ")) {
      if (!attributes.insert(attribute()).second) fail("an attribute is there twice");
    }
    if (take("/>")) return;
    if (!take(">")) return fail("> is missing");
    open_.push_back(opened);
  }
  std::string attribute() {
    const std::string attribute_name = name();
    if (!take("=\"")) {
      fail("a value without quotes");
      return attribute_name;
    }
    characters('"');
    if (!take("\"")) fail("a value without its end");
    return attribute_name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  int roots_ = 0;
  std::string fault_;
};

}  // namespace

std::string xml_fault(std::string_view text) { return Parser(text).run(); }

}  // namespace fw::test

#include "gateway/lambda/base64.h"

#include <doctest/doctest.h>

namespace {

using namespace fw::gateway::lambda;

TEST_CASE("base64 there and back") {
  // RFC 4648, section 10.
  for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    CHECK(base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
    CHECK(from_base64(text.substr(0, text.find('='))) == bytes);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(from_base64(base64(all)) == all);
}

TEST_CASE("what is no base64 is refused") {
  for (const char* const bad :
       {"Z", "Zm9vY", "Zg=", "Zg===", "====", "Zm9v====", "Zm-v", "Zm9 v", "Z=g="}) {
    CAPTURE(bad);
    CHECK_FALSE(from_base64(bad));
  }
}

}  // namespace

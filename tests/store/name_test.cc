#include "store/name.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace fw::store;

TEST_CASE("A name is 1 to 64 letters, digits, underscores and hyphens") {
  for (const char* name : {"a", "Z", "7", "hello-world", "a_b-c", "0_"}) {
    CAPTURE(name);
    CHECK(valid_name(name));
  }
  CHECK(valid_name(std::string(64, 'x')));
  CHECK_FALSE(valid_name(std::string(65, 'x')));
  for (const char* name : {"", ".", "..", "-a", "_a", "a.b", "a/b", "a b", "a\n", "\xC3\xA4"}) {
    CAPTURE(name);
    CHECK_FALSE(valid_name(name));
  }
}

TEST_CASE("A bad name is refused with the rule and the name") {
  const fw::Status status = check_name("a/b");
  REQUIRE_FALSE(status);
  CHECK(status.error().code() == fw::Errc::kBadInput);
  CHECK(status.error().message().find("'a/b'") != std::string::npos);
  CHECK(status.error().message().find("1 to 64 letters") != std::string::npos);
}

TEST_CASE("The default name is the folder's, or the file's without extension") {
  CHECK(default_name("/x/resize", true) == "resize");
  CHECK(default_name("/x/resize/", true) == "resize");
  CHECK(default_name("/x/resize/.", true) == "resize");
  CHECK(default_name("/x/y/../resize", true) == "resize");
  CHECK(default_name("/x/thumb.js", false) == "thumb");
}

TEST_CASE("A file called like every other is named after its folder, if that is a name") {
  CHECK(default_name("/x/hello/handler.js", false) == "hello");
  CHECK(default_name("/x/hello/index.mjs", false) == "hello");
  CHECK(default_name("/x/hello/main.cjs", false) == "hello");
  CHECK(default_name("/x/hello/lambda_function.py", false) == "hello");
  CHECK(default_name("/x/hello/app.py", false) == "hello");
  CHECK(default_name("/x/hello/__main__.py", false) == "hello");
  CHECK(default_name("/x/.hidden/handler.js", false) == "handler");
  CHECK(default_name("/handler.js", false) == "handler");
}

TEST_CASE("The nearest name is suggested only when it is near") {
  const std::array<std::string, 3> names{"hello", "help", "resize"};
  CHECK(nearest_name("helo", names) == "hello");
  CHECK(nearest_name("HELLO", names) == "hello");
  CHECK(nearest_name("hellp", names) == "hello");
  CHECK(nearest_name("resise", names) == "resize");
  CHECK_FALSE(nearest_name("thumbnail", names));
  CHECK_FALSE(nearest_name("x", std::span<const std::string>()));
}

#include "gateway/openwhisk/source.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include "base/files.h"
#include "tests/store/temp_folder.h"

namespace {

using namespace fw;
using namespace fw::gateway::openwhisk;

Source source_from(const std::string& value) { return source_of(members_of(value, "it").value()); }

TEST_CASE("a function is called like the action, as far as it can be") {
  CHECK(source_from(R"({"name":"hello"})").name == "hello");
  CHECK(source_from(R"({"name":"/guest/my package/hello.world"})").name == "hello_world");
  CHECK(source_from(R"({"name":"_x"})").name == "action");
  CHECK(source_from(R"({"name":""})").name == "action");
  CHECK(source_from("{}").name == "action");
  CHECK(source_from(R"({"name":")" + std::string(100, 'x') + "\"}").name.size() == 64);
}

TEST_CASE("code is written where its user alone can read it") {
  const fw::testing::TempFolder folder;
  const Source source = source_from(R"({"name":"a","main":"run","code":"x = 1"})");
  const auto request = write_source(source, store::Language::kPython, folder / "");
  REQUIRE(request);
  CHECK(request->name == "a");
  CHECK(request->handler == "run");
  CHECK(request->source.filename() == "a.py");
  CHECK(read_file(request->source).value() == "x = 1\n# @snapshot_here\n");
  struct stat file {};
  REQUIRE(::stat(request->source.c_str(), &file) == 0);
  CHECK((file.st_mode & 0777U) == 0600U);
}

TEST_CASE("code that knows where it is captured is left as it is") {
  const fw::testing::TempFolder folder;
  for (const char* const code : {"// @jit\nfunction main() {}", "exports.warmup = []"}) {
    const auto request =
        write_source({"a", "main", code, false}, store::Language::kJavaScript, folder / "");
    REQUIRE(request);
    CHECK(request->source.filename() == "a.js");
    CHECK(read_file(request->source).value() == code);
  }
}

TEST_CASE("code that cannot be written is an error that says where") {
  const auto request =
      write_source({"a", "main", "x", false}, store::Language::kJavaScript, "/nonexistent");
  REQUIRE_FALSE(request);
  CHECK(request.error().message().find("/nonexistent") != std::string::npos);
}

}  // namespace

#include "bench/restores/target.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "base/files.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("Answers are compared by what they mean") {
  CHECK(same_json(R"({"a":1,"b":[2]})", R"({ "b": [2], "a": 1 })"));
  CHECK(same_json("not JSON", "not JSON"));
  CHECK_FALSE(same_json(R"({"a":1})", R"({"a":2})"));
  CHECK_FALSE(same_json("", "{}"));
  CHECK_FALSE(same_json("not", "JSON"));
}

TEST_CASE("An answer is counted, and is the expected one or an error") {
  const Target target{-1, "", "{}", R"({"n":1})", 3000, -1, std::make_shared<JitTally>()};
  store::Invoked invoked;
  invoked.ending = store::Ending::kResult;
  invoked.body = R"({"n": 1})";
  CHECK(check_answer(target, invoked));
  invoked.body = R"({"n": 2})";
  Status checked = check_answer(target, invoked);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().message().find(R"(answered {"n": 2} instead of {"n":1})") !=
        std::string::npos);
  invoked.ending = store::Ending::kError;
  invoked.body = R"({"errorType":"Error"})";
  checked = check_answer(target, invoked);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().message().find("failed: ") != std::string::npos);
  CHECK(target.jit->calls == 3);
}

TEST_CASE("What is no image can be neither restored nor looked at") {
  const UniqueFd file = open_file("/bin/sh", O_RDONLY).value();
  const Target target{file.get(), FW_BIN_DIR "/fwrun-restore", "{}", ""};
  const Result<store::Invoked> restored = restore_once(target);
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code() == Errc::kRefused);
  const Result<std::size_t> mappings = count_mappings(target);
  REQUIRE_FALSE(mappings);
  CHECK(mappings.error().message().find("ended before") != std::string::npos);
}

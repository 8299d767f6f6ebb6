// Arguments and results of every size, bytes untouched.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("Small arguments of every kind arrive and come back as they were") {
  const Installation fwrun;
  fwrun.install("echo.js");
  for (const char* text :
       {"null", "true", "0", "-0.5", "1e300", "\"\"", "\"\\u0000\\ud83d\\ude00\"", "[]", "{}",
        "{\"\":{\"__proto__\":[1,2,{\"x\":null}]}}", "\"gr\xC3\xBC\xC3\x9F\""}) {
    CAPTURE(text);
    const Finished finished = fwrun.command({"--invoke", "echo", "--args", text}).run();
    CHECK(finished.code == 0);
    CHECK(json::parse(finished.out) == json::parse(text));
  }
}

TEST_CASE("Arguments come from the command line, a file or standard input") {
  const Installation fwrun;
  fwrun.install("echo.js");
  write_text(fwrun / "event.json", " [1,\n2] ");
  CHECK(fwrun.command({"--invoke", "echo", "--args", "[3]"}).run().out == "[3]\n");
  CHECK(fwrun.command({"--invoke", "echo", "--args", "@" + (fwrun / "event.json").string()})
            .run()
            .out == "[1,2]\n");
  CHECK(fwrun.command({"--invoke", "echo", "--args", "-"}).input("{\"a\":1}").run().out ==
        "{\"a\":1}\n");
  CHECK(fwrun.command({"--invoke", "echo"}).run().out == "{}\n");
}

TEST_CASE("Arguments and results from nothing to tens of megabytes pass whole") {
  const Installation fwrun;
  fwrun.install("large.js", {"--timeout", "30", "--memory", "512"});
  for (const std::size_t size : {std::size_t{0}, std::size_t{4000}, std::size_t{700'000},
                                 std::size_t{1'000'000}, std::size_t{20'000'000}}) {
    CAPTURE(size);
    CHECK(fwrun.result("large", {{"text", std::string(size, 'a') + "z"}}) ==
          json{{"bytes", size + 1}, {"last", "z"}});
    CHECK(fwrun.result("large", {{"make", size}}).get_ref<const std::string&>().size() == size);
  }
}

TEST_CASE("The largest arguments allowed, 64 MiB, are taken") {
  const Installation fwrun;
  fwrun.install("large.js", {"--timeout", "30", "--memory", "1024"});
  const std::string before = "{\"text\":\"";
  const std::string after = "\"}";
  const std::size_t size = (std::size_t{64} << 20) - before.size() - after.size();
  const Finished finished = fwrun.command({"--json", "--invoke", "large", "--args", "-"})
                                .input(before + std::string(size, 'a') + after)
                                .run();
  CHECK(finished.json()["result"]["bytes"] == size);
}

// Arguments and results of Python functions.
#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

Finished invoke_raw(const Installation& fwrun, const std::string& name, const std::string& text) {
  return fwrun.command({"--invoke", name, "--args", "-"}).input(text).run();
}

}  // namespace

TEST_CASE("Arguments come back from Python byte for byte, but for spaces and escapes") {
  const Installation fwrun;
  install_python(fwrun, "echo");
  for (const char* text :
       {"null", "true", "0", "-0.0", "0.1", "1e+300", "5e-324", "1.7976931348623157e+308", "1.0",
        "123456789012345678901234567890", "\"\"", "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"",
        "\"\\u0000\\u001f\\\"\\\\/\"", "[]", "{}", "{\"z\":1,\"a\":{\"y\":[{}],\"\":2}}",
        "{\"b\":1,\"a\":2,\"c\":3}"}) {
    CAPTURE(text);
    const Finished finished = invoke_raw(fwrun, "echo", text);
    CHECK(finished.code == 0);
    CHECK(finished.out == std::string(text) + "\n");
  }
  CHECK(invoke_raw(fwrun, "echo", " { \"a\" :\n[ 1 , \"\\ud83d\\ude00\" ] }\n").out ==
        "{\"a\":[1,\"\xF0\x9F\x98\x80\"]}\n");
  CHECK(invoke_raw(fwrun, "echo", R"({"a":1,"b":2,"a":3})").out == "{\"a\":3,\"b\":2}\n");
}

TEST_CASE("Results are written as json.dumps() would, without spaces and as UTF-8") {
  const Installation fwrun;
  install_python(fwrun, "payload");
  CHECK(invoke_raw(fwrun, "payload", R"({"results":true})").out ==
        R"({"big":1208925819614629174706176,"float":0.1,"tiny":5e-324,)"
        R"("huge":1.7976931348623157e+308,"minus":-0.0,"whole":1.0,"tuple":[1,2],"none":null,)"
        R"("bool":[true,false],"keys":{"1":"bool","null":"none","2.5":"float"},)"
        R"("zero":"a\u0000b","controls":"\u0001\u001f)"
        "\x7F\xE2\x80\xA8\",\"emoji\":\"\xF0\x9F\x98\x80\",\"quote\":\"\\\"\\\\/\"}\n");
}

TEST_CASE("Strings of Python hold characters, however they were written") {
  const Installation fwrun;
  install_python(fwrun, "payload");
  const Finished finished = invoke_raw(fwrun, "payload",
                                       R"({"text":"é\u00e9\ud83d\ude00\u0000)"
                                       "\xF0\x9F\x98\x80\"}");
  CHECK(json::parse(finished.out) == json{{"characters", 5},
                                          {"bytes", 13},
                                          {"type", "dict"},
                                          {"points", {0xE9, 0xE9, 0x1F600, 0, 0x1F600}},
                                          {"last", "\xF0\x9F\x98\x80"}});
}

TEST_CASE("Python takes and gives megabytes, larger than the slot or not") {
  const Installation fwrun;
  install_python(fwrun, "payload", {"--timeout", "30", "--memory", "512"});
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{70'000}, std::size_t{1'000'000}, std::size_t{5'000'000}}) {
    CAPTURE(size);
    const json counted = fwrun.result("payload", {{"text", std::string(size, 'a') + "z"}});
    CHECK(counted["bytes"] == size + 1);
    CHECK(counted["last"] == "z");
    CHECK(fwrun.result("payload", {{"make", size}}).get_ref<const std::string&>().size() == size);
  }
}

TEST_CASE("Arguments nested as deeply as Python can follow pass; deeper ones are told so") {
  const Installation fwrun;
  install_python(fwrun, "echo");
  const std::string deep = std::string(900, '[') + std::string(900, ']');
  CHECK(invoke_raw(fwrun, "echo", deep).out == deep + "\n");
  const Finished finished =
      invoke_raw(fwrun, "echo", std::string(20'000, '[') + std::string(20'000, ']'));
  CHECK(finished.code == 1);
  const json error = json::parse(finished.err);
  CHECK(error["errorType"] == "Runtime.BadArguments");
  CHECK(contains(error["errorMessage"], "nested too deeply"));
}

TEST_CASE("Arguments that are not JSON never reach Python") {
  const Installation fwrun;
  install_python(fwrun, "echo");
  for (const char* text : {"{bad", "[NaN]", "[1,]", "{'a':1}", "\"\\ud800\"", "\"\xFF\"", "1 2"}) {
    CAPTURE(text);
    const Finished finished = invoke_raw(fwrun, "echo", text);
    CHECK(finished.code == 2);
    CHECK(contains(finished.err, "not JSON"));
  }
}

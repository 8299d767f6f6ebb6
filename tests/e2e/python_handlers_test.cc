// What a handler in Python may look like, where its modules may be, and what it is called
// with.
#include <filesystem>

#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;
namespace fs = std::filesystem;

TEST_CASE("Handlers of Lambda and OpenWhisk are found by their names") {
  const Installation fwrun;
  json report = install_python(fwrun, "hello")["report"];
  CHECK(contains(report["runtime"], "Python 3.11"));
  CHECK(report["training"]["events"] == 2);
  CHECK(report["warnings"] == json::array());
  CHECK(fwrun.result("hello", {{"name", "Zoë"}}) == json{{"greeting", "Hello, Zoë!"}});
  CHECK(fwrun.result("hello") == json{{"greeting", "Hello, world!"}});

  report = install_python(fwrun, "whisk")["report"];
  CHECK(contains(report["warnings"][0], "no training events were given"));
  CHECK(fwrun.result("whisk", {{"a", 2}, {"b", 3}}) == json{{"sum", 5}});
}

TEST_CASE("--handler names whatever can be called with an event, or an event and a context") {
  const Installation fwrun;
  const std::vector<std::pair<std::string, json>> handlers{
      {"run", {"run", 5, true}},         {"forms.run", {"run", 5, true}},
      {"alone", {"alone", 5}},           {"with_default", {"with_default", 5, true}},
      {"anything", {"anything", 5, 2}},  {"service.handle", {"handle", 15}},
      {"Service.static", {"static", 5}}, {"Service.by_class", {"by_class", "Service", 5}},
      {"thing", {"callable", 5}},        {"async_thing", {"async callable", 5}},
      {"api.users.list", {"list", 5}},   {"small", {"small", 5}},
      {"part", {"part", "x", 5}},        {"later", {"later", 5}},
      {"async_part", {"later", 5}},      {"returns_awaitable", {"later", 5}},
  };
  for (const auto& [handler, answer] : handlers) {
    CAPTURE(handler);
    install_python(fwrun, "forms", {"--handler", handler, "--name", "f"});
    CHECK(fwrun.result("f", {{"n", 5}}) == answer);
  }
}

TEST_CASE("--train replaces the events that the file trains itself with") {
  const Installation fwrun;
  write_text(fwrun / "events.json", R"([{"name":"a"},{"name":"b"},{}])");
  const json report = install_python(fwrun, "hello", {"--train", fwrun / "events.json"})["report"];
  CHECK(report["training"]["events"] == 3);
}

TEST_CASE("An async handler does in a restored process what it did in training") {
  const Installation fwrun;
  install_python(fwrun, "async_ways");
  const std::vector<std::pair<const char*, json>> ways{
      {"sleep", true},          {"gather", {0, 1, 4, 9, 16}}, {"thread", false},
      {"executor", 14},         {"tcp", "OVER THE LOOPBACK"}, {"process", {"child", 0}},
      {"timeout", "timed out"}, {"queue", {0, 1, 2, 3, 4}},   {"lock", "locked"},
      {"context", "unset"},     {"threadsafe", "woken"},      {"left_task", 1},
  };
  for (const auto& [way, answer] : ways) {
    CAPTURE(way);
    CHECK(fwrun.result("async_ways", {{"way", way}}) == answer);
  }
}

TEST_CASE("A handler that is no coroutine may run an event loop of its own") {
  const Installation fwrun;
  install_python(fwrun, "runs_asyncio");
  CHECK(fwrun.result("runs_asyncio", {{"n", 7}}) == 49);
}

TEST_CASE("A folder's entry is imported by its path, with packages and dependencies around it") {
  const Installation fwrun;
  for (const char* handler : {"src/app.handler", "src.app.handler"}) {
    CAPTURE(handler);
    fwrun.install(in_python("project"), {"--handler", handler});
    json expected{
        {"joined", "a-b"},  {"shout", "hi X"},       {"leaf", "leaf in a package without __init__"},
        {"same", true},     {"third", "1.0"},        {"triple", 9},
        {"late", "late"},   {"root", "at the root"}, {"rare", nullptr},
        {"name", "src.app"}};
    CHECK(fwrun.result("project", {{"text", "x"}}) == expected);
    // Modules of every kind that no training event had imported.
    expected["rare"] = {"rare", "own rare one", 1.0};
    CHECK(fwrun.result("project", {{"text", "x"}, {"rare", true}}) == expected);
  }
  // Nothing is left in the user's folder.
  for (const auto& entry : fs::recursive_directory_iterator(fixture(in_python("project")))) {
    CHECK(entry.path().filename() != "__pycache__");
  }
}

TEST_CASE("A package may be the function, and a folder's name hold anything") {
  const Installation fwrun;
  fwrun.install(in_python("package"), {"--handler", "app.handler"});
  CHECK(fwrun.result("package") == json{"worked", "app", "app"});

  const fs::path folder = fwrun / "it's a \"föld er\"";
  fs::create_directory(folder);
  fs::copy(fixture(in_python("package")), folder, fs::copy_options::recursive);
  const Finished installed =
      fwrun.command({"--json", "--install", folder, "--handler", "app.handler", "--name", "odd"})
          .run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  CHECK(fwrun.result("odd") == json{"worked", "app", "app"});
}

TEST_CASE("A function stays what it was when its source changes or goes, its traces too") {
  const Installation fwrun;
  const fs::path source = fwrun / "f.py";
  write_text(source,
             "def handler(event, context):\n    return event['n'] + 1  # the original\n"
             "warmup = [{'n': 1}]\n");
  REQUIRE(fwrun.command({"--install", source}).run().code == 0);
  write_text(source, "def handler(event, context):\n    return 'new'\n");
  CHECK(fwrun.result("f", {{"n", 1}}) == 2);
  fs::remove(source);
  CHECK(fwrun.result("f", {{"n", 1}}) == 2);
  const json error = fwrun.error("f", {{"n", "x"}});
  CHECK(contains(error["stackTrace"][0], "line 2, in handler\n    return event['n'] + 1"));
}

TEST_CASE("Another user than root installs and invokes Python functions") {
  if (!have_nobody()) return;
  const Installation fwrun;
  fs::permissions(fwrun / "", fs::perms::all);
  const fs::path source = fwrun / "f.py";
  write_text(source, "import os\ndef handler(event, context):\n    return [os.getpid(), event]\n");
  fs::permissions(source, fs::perms::all);
  const Finished installed = fwrun.command({"--json", "--install", source}).as_nobody().run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  CHECK(fwrun.command({"--invoke", "f", "--args", "\"x\""}).as_nobody().run().out == "[1,\"x\"]\n");
}

TEST_CASE("The standard library works in restored processes as in others") {
  const Installation fwrun;
  install_python(fwrun, "library", {"--timeout", "20"});
  const json result = fwrun.result("library");
  CHECK(result.size() == 23);
  for (const auto& [part, answer] : result.items()) {
    CAPTURE(part);
    CHECK(answer == true);
  }
}

TEST_CASE("Debian's packages do their work in restored processes") {
  const Installation fwrun;
  install_python(fwrun, "debian");
  const json result = fwrun.result("debian", {{"items", {"x<y", "ö"}}, {"size", 4}});
  CHECK(result == json{{"page", "<ul><li>X&lt;Y</li><li>Ö</li></ul>"},
                       {"determinant", -49.0},
                       {"product", 4.0},
                       {"png", {"89504e47", {4, 4}}}});
}

TEST_CASE("A file may be called as a module of Python's own, or as no module can be") {
  const Installation fwrun;
  fwrun.install(in_python("named_json/json.py"));
  CHECK(fwrun.result("json") == json{{1}, true, true});
  fwrun.install(in_python("named_random/random.py"));
  CHECK(fwrun.result("random") == json{true, true, "/"});
  fwrun.install(in_python("my-function.v2.py"), {"--name", "v2"});
  CHECK(fwrun.result("v2") == json{"my-function_v2_handler", "my-function.v2.py"});
}

TEST_CASE("A source in another encoding that says so is read as it says") {
  const Installation fwrun;
  install_python(fwrun, "latin1");
  CHECK(fwrun.result("latin1") == "café");
}

TEST_CASE("The context has the fields of Lambda's, and the time that is left") {
  const Installation fwrun;
  install_python(fwrun, "context", {"--name", "ctx", "--memory", "256", "--timeout", "7.5"});
  const json answer = fwrun.invoke("ctx");
  const json& context = answer["result"];
  CHECK(context["aws_request_id"] == answer["request_id"]);
  CHECK(context["function_name"] == "ctx");
  CHECK(context["function_version"] == "1");
  CHECK(context["memory_limit_in_mb"] == "256");
  CHECK(contains(context["invoked_function_arn"], ":function:ctx"));
  CHECK(context["log_group_name"] == "/aws/lambda/ctx");
  CHECK(contains(context["log_stream_name"], "[1]"));
  CHECK(context["client_context"] == nullptr);
  CHECK(context["identity"] == json{nullptr, nullptr});
  CHECK(context["whole"] == true);
  CHECK(context["first"] <= 7500);
  CHECK(context["second"] <= context["first"].get<int>() - 5);
  CHECK(context["second"] > 0);
  CHECK(answer["logs"] == json{{{"stream", "stdout"}, {"text", "from context.log\n"}},
                               {{"stream", "stdout"}, {"text", "bytes\n"}}});
  CHECK(fwrun.invoke("ctx")["result"]["aws_request_id"] != context["aws_request_id"]);
}

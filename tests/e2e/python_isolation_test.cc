// What a Python function finds around it, and that an invocation leaves nothing behind.
#include <algorithm>

#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("No invocation of a Python function sees what another left in its process") {
  const Installation fwrun;
  const std::string folder =
      fixture(in_python("isolation.py")).lexically_normal().parent_path().string();
  install_python(fwrun, "isolation");
  json calls;
  for (const char* mark : {"a", "b"}) {
    CAPTURE(mark);
    const std::string file = fwrun / mark;
    const json result = fwrun.result("isolation", {{"mark", mark}, {"file", file}});
    CHECK(result["found"] == json{{"seen", json::array()},
                                  {"cache", json::object()},
                                  {"table", {0.0, 0.0, 0.0, 0.0}},
                                  {"variable", nullptr},
                                  {"cwd", folder},
                                  {"recursion", 1000},
                                  {"module", false},
                                  {"lru", 0},
                                  {"opened", 0},
                                  {"threads", 1},
                                  {"file", false}});
    if (!calls.is_null()) CHECK(result["calls"] == calls);
    calls = result["calls"];
    // Files are real: they are the function's own to clean up.
    CHECK(read_text(file) == mark);
  }
}

TEST_CASE("A Python function finds its own environment, and nothing of the installer's") {
  const Installation fwrun;
  const auto source = fixture(in_python("surroundings.py")).lexically_normal();
  const std::string folder = source.parent_path().string();
  const Finished installed = fwrun
                                 .command({"--json", "--install", source, "--env", "A=1,2", "--env",
                                           "EMPTY=", "--env", "PYTHONPATH=/own"})
                                 .env("PYTHONPATH", folder + "/shadow")
                                 .env("PYTHONHOME", "/nowhere")
                                 .env("PYTHONSTARTUP", "/nowhere")
                                 .env("PYTHONHASHSEED", "0")
                                 .env("PYTHONDONTWRITEBYTECODE", "")
                                 .env("FWRUN_E2E_SECRET", "leak")
                                 .run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  const json result = fwrun.result("surroundings");
  const json& variables = result["environment"];
  CHECK(variables["A"] == "1,2");
  CHECK(variables["EMPTY"] == "");
  CHECK(variables["PYTHONPATH"] == "/own");
  CHECK(result["path"].get<std::vector<std::string>>().at(1) == "/own");
  CHECK(variables["LAMBDA_TASK_ROOT"] == folder);
  CHECK(variables["AWS_LAMBDA_FUNCTION_NAME"] == "surroundings");
  CHECK(variables["_HANDLER"] == "surroundings.handler");
  for (const char* name : {"PYTHONHOME", "PYTHONSTARTUP", "PYTHONHASHSEED", "FWRUN_HOME",
                           "PYTHONDONTWRITEBYTECODE", "FWRUN_E2E_SECRET", "LD_BIND_NOW"}) {
    CAPTURE(name);
    CHECK_FALSE(variables.contains(name));
  }
  CHECK(result["name"] == "surroundings");
  CHECK(result["spec"] == "surroundings");
  CHECK(result["package"] == "");
  CHECK(result["main"] == "__main__");
  CHECK(result["file"] == source.string());
  CHECK(result["argv"] == json::array({source.string()}));
  CHECK(result["argv_now"] == result["argv"]);
  CHECK(result["cwd"] == folder);
  CHECK(result["path"][0] == folder);
  const json& path = result["path"];
  CHECK(std::find(path.begin(), path.end(), "") == path.end());
  CHECK(result["executable"] == "/usr/bin/python3.11");
  CHECK(result["stdin"] == "");
  CHECK(result["flags"] == json{1, 1, 1});
  CHECK(result["pid"] == 1);
  CHECK(result["encoding"] == json{"utf-8", "utf-8"});
}

// What Python functions write, in every way.
#include <string>
#include <vector>

#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// All that an invocation wrote, "stdout:..." or "stderr:..."; what follows each other in
// one stream is one piece.
std::vector<std::string> written(const Installation& fwrun, const std::string& name,
                                 const json& event) {
  const json logs = fwrun.invoke(name, event)["logs"];
  std::vector<std::string> pieces;
  for (const json& entry : logs) {
    const std::string stream = entry["stream"].get<std::string>() + ":";
    if (pieces.empty() || !pieces.back().starts_with(stream)) pieces.push_back(stream);
    pieces.back() += entry["text"].get<std::string>();
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

}  // namespace

TEST_CASE("What is written in Python is captured per invocation, in order, whatever the way") {
  const Installation fwrun;
  install_python(fwrun, "output");
  // Twice: nothing of the training, nothing of the one before.
  for (int i = 0; i < 2; ++i) {
    CHECK(written(fwrun, "output", {{"way", "prints"}}) ==
          Pieces{"stdout:one 1\n", "stderr:two\n",
                 "stdout:three and a half\nvièr\nfünf \xF0\x9F\x98\x80\n", "stderr:six\n"});
    CHECK(written(fwrun, "output", {{"way", "threads"}}) ==
          Pieces{"stdout:thread 0\nthread 1\nthread 2\nthread 3\n"});
    CHECK(written(fwrun, "output", {{"way", "surrogate"}}) == Pieces{"stdout:lone \\udc80\n"});
    CHECK(written(fwrun, "output", {{"way", "own"}, {"text", "mine"}}) == Pieces{"stdout:mine\n"});
    CHECK(written(fwrun, "output", {{"way", "closed"}}) == Pieces{"stdout:still there\n"});
  }
}

TEST_CASE("A line that print() writes in pieces is one entry of the log") {
  const Installation fwrun;
  install_python(fwrun, "output");
  const json logs = fwrun.invoke("output", {{"way", "prints"}})["logs"];
  CHECK(logs[0] == json{{"stream", "stdout"}, {"text", "one 1\n"}});
  CHECK(logs[1] == json{{"stream", "stderr"}, {"text", "two\n"}});
  CHECK(logs[2] == json{{"stream", "stdout"}, {"text", "three and a half\n"}});
}

TEST_CASE("What is written to the descriptors, by C and by children, comes behind it") {
  const Installation fwrun;
  install_python(fwrun, "output");
  for (int i = 0; i < 2; ++i) {
    CHECK(written(fwrun, "output", {{"way", "descriptors"}}) ==
          Pieces{"stdout:os.write 1\n", "stderr:os.write 2\n"});
    CHECK(written(fwrun, "output", {{"way", "native"}}) == Pieces{"stdout:puts\nprintf 7\n"});
    CHECK(written(fwrun, "output", {{"way", "no_newline"}}) == Pieces{"stdout:no newlinenor here"});
    CHECK(written(fwrun, "output", {{"way", "child"}}) ==
          Pieces{"stdout:got piped\nchild\n", "stderr:bad\n"});
  }
}

TEST_CASE("Too much output of a Python function is cut, and the loss told") {
  const Installation fwrun;
  install_python(fwrun, "output");
  const json answer = fwrun.invoke("output", {{"way", "flood"}});
  CHECK(answer["result"] == "done");
  CHECK(answer["log_bytes_dropped"] > 0);
  CHECK(answer["logs"][0]["text"] == std::string(100, 'x') + "\n");
}

TEST_CASE("Records that no handler of the user's takes are written as Lambda writes them") {
  const Installation fwrun;
  install_python(fwrun, "output");
  const json answer = fwrun.invoke("output", {{"way", "logs"}});
  const std::string id = answer["request_id"];
  const json& logs = answer["logs"];
  REQUIRE(logs.size() == 3);
  CHECK(contains(logs[0]["text"], "[WARNING]\t"));
  CHECK(contains(logs[0]["text"], "Z\t" + id + "\twarned 1\n"));
  CHECK(contains(logs[1]["text"], "[ERROR]\t"));
  CHECK(contains(logs[2]["text"], "Z\t" + id + "\tby the module\n"));

  install_python(fwrun, "logging_level");
  const json told = fwrun.invoke("logging_level")["logs"];
  REQUIRE(told.size() == 2);
  CHECK(contains(told[0]["text"], "[INFO]\t"));
  CHECK(contains(told[0]["text"], "\ttold\n"));
}

TEST_CASE("logging that the user configured writes as configured") {
  const Installation fwrun;
  install_python(fwrun, "logging_configured");
  const Pieces pieces = written(fwrun, "logging_configured", {{"n", 5}});
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0] == "stdout:INFO app info 5\n");
  CHECK(pieces[1] == "stderr:own 5\n");
  CHECK(contains(pieces[2], "ERROR app it failed\nTraceback (most recent call last):\n"));
  CHECK(contains(pieces[2], "logging_configured.py\", line 19, in handler\n"));
  CHECK(contains(pieces[2], "ZeroDivisionError: division by zero\n"));
}

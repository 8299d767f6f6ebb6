// The scripts that peers run, in Debian's node and Python: they must do for a handler what a
// restored function does, or the comparison is none.
#include "bench/peers/cold.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

using store::Language;

class Handlers {
 public:
  explicit Handlers(Language language = Language::kJavaScript)
      : program_(language == Language::kPython ? "/usr/bin/python3.11"
                                               : FW_BIN_DIR "/fwrun-v8host"),
        script_(write_cold_script(language, folder_.path()).value()) {}

  void write(const std::string& file, const std::string& source) const {
    std::filesystem::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << source;
  }
  Result<ColdAnswer> call(const std::string& file, const std::string& source,
                          const std::string& handler = "", const std::string& event = "{}") {
    write(file, source);
    std::vector<std::string> arguments;
    if (script_.extension() == ".py") arguments = {"-I", "-B"};
    return call_cold({program_, arguments, script_, folder_ / file, handler, event});
  }
  std::string answer(const std::string& file, const std::string& source,
                     const std::string& handler = "", const std::string& event = "{}") {
    const Result<ColdAnswer> answered = call(file, source, handler, event);
    REQUIRE_MESSAGE(answered.has_value(), answered.error().message());
    CHECK(answered->answer_us > 0);
    return answered->answer;
  }
  const test::ScratchFolder& folder() const { return folder_; }

 private:
  test::ScratchFolder folder_;
  std::filesystem::path program_;
  std::filesystem::path script_;
};

}  // namespace

TEST_CASE("A cold process answers with what the handler made of its event") {
  Handlers handlers;
  CHECK(handlers.answer("a.js", "exports.handler = async (e) => ({ twice: e.n * 2 });", "",
                        R"({"n": 21})") == R"({"twice":42})");
  CHECK(handlers.answer("b.js", "exports.handler = async () => {};") == "null");
}

TEST_CASE("Handlers of every kind are called") {
  Handlers handlers;
  CHECK(handlers.answer("a.js", "exports.handler = (e, c, done) => done(null, 'called');") ==
        R"("called")");
  CHECK(handlers.answer("b.js", "exports.main = (params) => ({ ok: true });") == R"({"ok":true})");
  CHECK(handlers.answer("c.mjs", "export const handler = async () => 'module';") == R"("module")");
  CHECK(handlers.answer("d.js", "exports.api = { get: () => 7 };", "api.get") == "7");
  CHECK(handlers.answer("e.js",
                        "fwrun.beforeSnapshot(() => {}); fwrun.afterRestore(() => {});"
                        "exports.handler = async () => { fwrun.snapshotHere(); "
                        "return 1; };") == "1");
}

TEST_CASE("A handler that throws is an error with its message") {
  Handlers handlers;
  const Result<ColdAnswer> failed =
      handlers.call("a.js", "exports.handler = async () => { throw new Error('broken'); };");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message().find("broken") != std::string::npos);
}

TEST_CASE("A cold Python answers with what the handler made of its event") {
  Handlers handlers(Language::kPython);
  CHECK(handlers.answer("a.py", "def handler(event, context): return {'twice': event['n'] * 2}\n",
                        "", R"({"n": 21})") == R"({"twice": 42})");
  CHECK(handlers.answer("b.py", "def lambda_handler(event, context): pass\n") == "null");
}

TEST_CASE("Python handlers of every kind are called") {
  Handlers handlers(Language::kPython);
  CHECK(handlers.answer("a.py", "def main(params): return [params]\n") == "[{}]");
  CHECK(handlers.answer("b.py", "async def handler(event, context): return 'awaited'\n") ==
        R"("awaited")");
  CHECK(handlers.answer("c.py", "class api:\n  def get(event): return 7\n", "api.get") == "7");
  CHECK(handlers.answer("d.py", "def run(*args): return len(args)\n", "d.run") == "2");
  CHECK(handlers.answer("e.py", "def handler(event, context): return context.function_name\n") ==
        R"("cold")");
}

TEST_CASE("Python that is annotated for fwrun runs in a cold process as well") {
  Handlers handlers(Language::kPython);
  CHECK(handlers.answer("a.py",
                        "from fwrun import after_restore, before_snapshot, snapshot_here\n"
                        "from snapshot_restore_py import register_after_restore\n"
                        "@before_snapshot\n"
                        "def before(): raise SystemExit(3)\n"
                        "after_restore(before)\n"
                        "register_after_restore(before, 1, two=2)\n"
                        "@snapshot_here\n"
                        "def handler(event, context): return snapshot_here()['n']\n",
                        "", R"({"n": 5})") == "5");
}

TEST_CASE("A cold Python finds a handler's neighbours and the package it is in") {
  Handlers handlers(Language::kPython);
  handlers.write("neighbour.py", "number = 3\n");
  handlers.write("site-packages/vendored.py", "number = 4\n");
  CHECK(handlers.answer(
            "a.py",
            "import neighbour, vendored\n"
            "def handler(event, context): return neighbour.number + vendored.number\n") == "7");
  handlers.write("package/__init__.py", "");
  handlers.write("package/other.py", "number = 5\n");
  CHECK(handlers.answer("package/b.py",
                        "from .other import number\n"
                        "def handler(event, context): return number\n") == "5");
}

TEST_CASE("A cold Python leaves no bytecode in the function's folder") {
  Handlers handlers(Language::kPython);
  CHECK(handlers.answer("a.py", "def handler(event, context): return 1\n") == "1");
  CHECK(handlers.folder().entries() == 2);  // the script and the handler
}

TEST_CASE("A Python handler that raises is an error with its traceback") {
  Handlers handlers(Language::kPython);
  const Result<ColdAnswer> failed =
      handlers.call("a.py", "def handler(event, context): raise ValueError('broken')\n");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message().find("ValueError: broken") != std::string::npos);
}

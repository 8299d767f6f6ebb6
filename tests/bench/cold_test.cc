// The script that peers run, in Debian's node: it must do for a handler what a
// restored function does, or the comparison is none.
#include "bench/peers/cold.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

class Handlers {
 public:
  Handlers() { REQUIRE(write_cold_script(folder_ / "cold.js")); }

  Result<ColdAnswer> call(const std::string& file, const std::string& source,
                          const std::string& handler = "", const std::string& event = "{}") {
    std::ofstream(folder_ / file) << source;
    return call_cold(
        {FW_BIN_DIR "/fwrun-v8host", folder_ / "cold.js", folder_ / file, handler, event});
  }
  std::string answer(const std::string& file, const std::string& source,
                     const std::string& handler = "", const std::string& event = "{}") {
    const Result<ColdAnswer> answered = call(file, source, handler, event);
    REQUIRE_MESSAGE(answered.has_value(), answered.error().message());
    CHECK(answered->answer_us > 0);
    return answered->answer;
  }

 private:
  test::ScratchFolder folder_;
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

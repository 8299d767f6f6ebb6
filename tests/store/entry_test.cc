#include "store/install/entry.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <map>
#include <string>

#include "tests/store/temp_folder.h"

using namespace fw::store;
using fw::testing::TempFolder;
using fw::testing::write_text;

namespace {

std::string problem(const std::filesystem::path& source, std::string_view handler = "") {
  const fw::Result<Entry> entry = find_entry(source, handler);
  REQUIRE_FALSE(entry);
  CHECK(entry.error().code() == fw::Errc::kBadInput);
  return entry.error().message();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A file is its own entry, works in its folder and passes its handler on") {
  const TempFolder temp;
  write_text(temp / "hello/handler.js", "");
  const fw::Result<Entry> entry = find_entry(temp / "hello/handler.js", "api.run");
  REQUIRE(entry);
  CHECK(entry->file == temp / "hello/handler.js");
  CHECK(entry->folder == temp / "hello");
  CHECK(entry->handler == "api.run");
  CHECK(entry->default_name == "hello");
}

TEST_CASE("A folder's entry is main of package.json, as Node resolves it") {
  const TempFolder temp;
  write_text(temp / "index.js", "");
  write_text(temp / "lib/app.js", "");
  write_text(temp / "lib/index.js", "");
  const std::map<std::string, std::string> files{
      {"lib/app.js", "lib/app.js"}, {"./lib/app", "lib/app.js"}, {"lib", "lib/index.js"}};
  for (const auto& main : files) {
    CAPTURE(main.first);
    write_text(temp / "package.json", "{\"main\":\"" + main.first + "\"}");
    const fw::Result<Entry> entry = find_entry(temp, "");
    REQUIRE(entry);
    CHECK(entry->file == temp / main.second);
    CHECK(entry->folder == temp.path());
  }
}

TEST_CASE("A folder without main uses index before handler, .js before .mjs") {
  const TempFolder temp;
  write_text(temp / "package.json", "{\"name\":\"x\"}");
  for (const char* file :
       {"handler.cjs", "handler.mjs", "handler.js", "index.cjs", "index.mjs", "index.js"}) {
    CAPTURE(file);
    write_text(temp / file, "");
    CHECK(find_entry(temp, "")->file == temp / file);
  }
}

TEST_CASE("A handler of a folder names the file up to the first dot of its last component") {
  const TempFolder temp;
  write_text(temp / "app.js", "");
  write_text(temp / "src.d/app.mjs", "");
  CHECK(find_entry(temp, "app.handler")->file == temp / "app.js");
  CHECK(find_entry(temp, "app.api.run")->handler == "api.run");
  CHECK(find_entry(temp, "src.d/app.api.run")->file == temp / "src.d/app.mjs");
  CHECK(find_entry(temp, "./app.handler")->file == temp / "app.js");
}

TEST_CASE("A link to a function is followed, and names it") {
  const TempFolder temp;
  write_text(temp / "real/handler.js", "");
  std::filesystem::create_symlink("real", temp / "alias");
  const fw::Result<Entry> entry = find_entry(temp / "alias", "");
  REQUIRE(entry);
  CHECK(entry->file == temp / "real/handler.js");
  CHECK(entry->default_name == "alias");
}

TEST_CASE("What is missing or of the wrong kind is said") {
  const TempFolder temp;
  CHECK(contains(problem(temp / "none.js"), "none.js: No such file or directory"));
  ::mkfifo((temp / "fifo.js").c_str(), 0600);
  CHECK(contains(problem(temp / "fifo.js"), "neither a file nor a folder"));
  for (const char* name : {"a.rb", "a", "a.js.bak", "a.PY"}) {
    CAPTURE(name);
    write_text(temp / name, "");
    CHECK(contains(problem(temp / name), "neither JavaScript nor Python: expected .js"));
  }
}

TEST_CASE("A folder without a function is refused with what was looked for") {
  const TempFolder temp;
  CHECK(contains(problem(temp), "holds no function"));
  CHECK(contains(problem(temp), "--handler FILE.EXPORT"));
}

TEST_CASE("A package.json that is broken is refused, with the position") {
  const TempFolder temp;
  write_text(temp / "index.js", "");
  write_text(temp / "package.json", "{\n\"main\": x}");
  CHECK(contains(problem(temp), "package.json: not JSON: line 2, column 9"));
  write_text(temp / "package.json", "[]");
  CHECK(contains(problem(temp), "not a JSON object"));
  write_text(temp / "package.json", "{\"main\":3}");
  CHECK(contains(problem(temp), "\"main\" is not a string"));
  write_text(temp / "package.json", "{\"main\":\"gone.js\"}");
  CHECK(contains(problem(temp), "\"main\" names gone.js, which does not exist"));
}

TEST_CASE("A handler that does not say file or export is refused") {
  const TempFolder temp;
  write_text(temp / "app.js", "");
  CHECK(contains(problem(temp, "app"), "give FILE.EXPORT"));
  CHECK(contains(problem(temp, ".handler"), "give FILE.EXPORT"));
  CHECK(contains(problem(temp, "app."), "an export's name is missing"));
  CHECK(contains(problem(temp, "app.a..b"), "an export's name is missing"));
  CHECK(contains(problem(temp, "other.handler"), "other.js (nor .mjs, .cjs, .py)"));
  CHECK(contains(problem(temp / "app.js", ".x"), "an export's name is missing"));
}

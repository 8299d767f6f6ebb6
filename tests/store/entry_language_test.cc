// Which file and which language an install means.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "store/executables.h"
#include "store/install/entry.h"
#include "tests/store/temp_folder.h"

using namespace fw::store;
using fw::testing::TempFolder;
using fw::testing::write_text;

namespace {

// A folder of these files, empty unless they say otherwise.
struct Folder {
  TempFolder temp;
  explicit Folder(const std::vector<std::string>& files) {
    for (const std::string& file : files) write_text(temp / file, "");
  }

  // "file handler" as found, or the message of the refusal.
  std::string find(std::string_view handler = "") const {
    const fw::Result<Entry> entry = find_entry(temp, handler);
    if (!entry) {
      CHECK(entry.error().code() == fw::Errc::kBadInput);
      return entry.error().message();
    }
    CHECK(entry->folder == temp.path());
    CHECK(entry->language == *language_of(entry->file));
    return entry->file.lexically_relative(temp.path()).string() + " " + entry->handler;
  }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("The extension of a file says its language, and the language its host") {
  for (const char* name : {"a.js", "a.mjs", "/x/a.cjs"}) {
    CHECK(language_of(name) == Language::kJavaScript);
  }
  CHECK(language_of("/x/a.py") == Language::kPython);
  for (const char* name : {"a", ".py", "a.pyc", "a.PY", "py"}) CHECK_FALSE(language_of(name));
  CHECK(host_of(Language::kJavaScript) == kV8Host);
  CHECK(host_of(Language::kPython) == kPythonHost);
}

TEST_CASE("A Python file is its own entry and passes its handler on as it is") {
  const Folder folder({"hello/handler.py"});
  for (const char* handler : {"", "main", "handler.main", "Api.run"}) {
    CAPTURE(handler);
    const fw::Result<Entry> entry = find_entry(folder.temp / "hello/handler.py", handler);
    REQUIRE(entry);
    CHECK(entry->file == folder.temp / "hello/handler.py");
    CHECK(entry->folder == folder.temp / "hello");
    CHECK(entry->handler == handler);
    CHECK(entry->language == Language::kPython);
    CHECK(entry->default_name == "hello");
  }
}

TEST_CASE("A folder of Python is found by the usual names, those that say handler first") {
  const TempFolder temp;
  write_text(temp / "other.py", "");
  for (const char* file :
       {"__main__.py", "app.py", "main.py", "lambda_function.py", "handler.py"}) {
    CAPTURE(file);
    write_text(temp / file, "");
    CHECK(find_entry(temp, "")->file == temp / file);
  }
}

TEST_CASE("A handler of a folder names a Python module, by as many names as there are files for") {
  const Folder folder({"app.py", "src.d/app.py", "pkg/__init__.py", "pkg/deep/mod.py",
                       "pkg/deep.py", "plain/mod.py"});
  CHECK(folder.find("app.handler") == "app.py handler");
  CHECK(folder.find("./app.handler") == "app.py handler");
  CHECK(folder.find("src.d/app.Api.run") == "src.d/app.py Api.run");
  CHECK(folder.find("pkg.main") == "pkg/__init__.py main");
  CHECK(folder.find("pkg.Api.run") == "pkg/__init__.py Api.run");
  CHECK(folder.find("pkg.deep.main") == "pkg/deep.py main");
  CHECK(folder.find("pkg.deep.mod.main") == "pkg/deep/mod.py main");
  CHECK(folder.find("pkg/deep/mod.main") == "pkg/deep/mod.py main");
  CHECK(folder.find("plain.mod.main") == "plain/mod.py main");
  CHECK(contains(folder.find("plain.main"), "no file"));
  CHECK(contains(folder.find("pkg/deep/mod"), "give FILE.EXPORT"));
  CHECK(contains(folder.find("app."), "an export's name is missing"));
  CHECK(contains(folder.find("pkg..main"), "an export's name is missing"));
}

TEST_CASE("A folder with a function in each language is refused until a handler names one") {
  const Folder folder({"index.js", "main.py"});
  const std::string refusal = folder.find();
  CHECK(contains(refusal, "both index.js and main.py could be the function"));
  CHECK(contains(refusal, "--handler index.EXPORT or --handler main.FUNCTION"));
  CHECK(folder.find("index.run") == "index.js run");
  CHECK(folder.find("main.run") == "main.py run");

  write_text(folder.temp / "package.json", "{\"main\":\"lib/start\"}");
  write_text(folder.temp / "lib/start.mjs", "");
  CHECK(contains(folder.find(), "both lib/start.mjs and main.py"));
  CHECK(contains(folder.find(), "--handler lib/start.EXPORT"));
}

TEST_CASE("Files of one name in both languages are told apart by installing the file itself") {
  const Folder folder({"handler.js", "handler.py"});
  const std::string advice =
      "install the file itself: --install " + (folder.temp / "handler.py").string();
  CHECK(contains(folder.find(), advice));
  CHECK(contains(folder.find("handler.run"), advice));
  CHECK(find_entry(folder.temp / "handler.js", "run")->language == Language::kJavaScript);
}

TEST_CASE("A package.json that only serves the tools of a Python project is no function") {
  const Folder folder({"handler.py"});
  for (const char* package : {"{\"name\":\"x\"}", "{\"main\":\"index.js\"}", "{"}) {
    CAPTURE(package);
    write_text(folder.temp / "package.json", package);
    CHECK(folder.find() == "handler.py ");
  }
  // With JavaScript beside it, its mistakes count.
  write_text(folder.temp / "index.mjs", "");
  CHECK(contains(folder.find(), "package.json: not JSON"));
}

TEST_CASE("A folder without any function tells what was looked for in both languages") {
  const Folder folder({"notes.txt", "util.py", "util.js"});
  const std::string refusal = folder.find();
  CHECK(contains(refusal, "holds no function"));
  CHECK(contains(refusal, "index.js or handler.js"));
  CHECK(contains(refusal, "handler.py, lambda_function.py, main.py, app.py or __main__.py"));
}

// Finding the file that holds the handler, and by it the function's language.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/install/language.h"

namespace fw::store {

struct Entry {
  std::filesystem::path file;    // absolute, links resolved
  std::filesystem::path folder;  // the function's: working directory of its processes
  std::string handler;           // within the file: "export.nested"; empty: by convention
  std::string default_name;      // not yet checked
  Language language = Language::kJavaScript;
};

// `source` is a file, .js, .cjs, .mjs or .py, and `handler` the name of the
// function in it, or empty. It is passed on as it is.
//
// Or `source` is a folder, and `handler` names file and function:
//   JavaScript  "src/file.export.nested": the file's name ends at the first dot
//   Python      "src/file.function", and "package.module.function": of the names
//               between dots as many as possible are the file's path
// Without a handler the file is found by convention: `main` of package.json,
// index.js or handler.js (.mjs, .cjs) for JavaScript; handler.py,
// lambda_function.py, main.py, app.py or __main__.py for Python.
//
// kBadInput says which of all this is not so, or that both languages match.
Result<Entry> find_entry(const std::filesystem::path& source, std::string_view handler);

}  // namespace fw::store

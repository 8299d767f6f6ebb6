// Finding the file that holds the handler.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

struct Entry {
  std::filesystem::path file;    // absolute, links resolved
  std::filesystem::path folder;  // the function's: working directory of its processes
  std::string handler;           // "export.nested"; empty: by convention
  std::string default_name;      // not yet checked
};

// `source` is a .js, .cjs or .mjs file, and `handler` "export.nested" or empty;
// or it is a folder, and `handler` "file.export.nested" with the file relative to
// the folder and without its extension; without a handler, the file is `main` of
// package.json, else index.js, .mjs, .cjs or handler.js, .mjs, .cjs.
// kBadInput says which of all this is not so.
Result<Entry> find_entry(const std::filesystem::path& source, std::string_view handler);

}  // namespace fw::store

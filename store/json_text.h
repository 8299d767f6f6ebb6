// Checks JSON text without building a document from it: the bytes themselves are
// what travels on.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace fw::store {

enum class JsonKind { kArray, kObject, kScalar };

struct JsonShape {
  JsonKind kind = JsonKind::kScalar;
  std::size_t elements = 0;  // of the outermost array
};

// kBadInput with line, column and byte (all from 1) where `text`, which the
// message calls `what`, stops being JSON.
Result<JsonShape> check_json(std::string_view text, std::string_view what);

}  // namespace fw::store

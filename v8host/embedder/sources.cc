#include "v8host/embedder/sources.h"

#include "annotate/embedded_files.h"
#include "v8host/embedded_files.h"

namespace fw::v8host {

std::string_view embedded_source(std::string_view path) {
  const auto below = [&](std::string_view folder) {
    return path.starts_with(folder) ? path.substr(folder.size()) : std::string_view();
  };
  if (const std::string_view name = below("v8host/"); !name.empty()) {
    return embedded_file(name);
  }
  if (const std::string_view name = below("annotate/"); !name.empty()) {
    return annotate::embedded_file(name);
  }
  return {};
}

}  // namespace fw::v8host

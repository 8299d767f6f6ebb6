#include "annotate/embedded_files.h"

#include <doctest/doctest.h>
#include <algorithm>
#include <filesystem>
#include <string>

#include "base/files.h"

namespace fw::annotate {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(FW_SOURCE_DIR) / "annotate/js";

TEST_CASE("every file of the annotator is embedded, byte for byte") {
  const auto names = embedded_file_names();
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    CAPTURE(name);
    CHECK(std::count(names.begin(), names.end(), name) == 1);
    const auto content = read_file(entry.path());
    REQUIRE(content.has_value());
    CHECK(embedded_file(name) == *content);
    ++files;
  }
  CHECK(files == names.size());
}

TEST_CASE("a name that is not embedded gives no data") {
  CHECK(embedded_file("missing.js").data() == nullptr);
  CHECK(embedded_file("").data() == nullptr);
  CHECK(embedded_file("annotate.js.").data() == nullptr);
}

TEST_CASE("embedded files require nothing but one another") {
  constexpr std::string_view kRequire = "require('";
  std::size_t requires_seen = 0;
  for (const std::string_view file : embedded_file_names()) {
    const std::string_view text = embedded_file(file);
    for (auto at = text.find(kRequire); at != text.npos; at = text.find(kRequire, at + 1)) {
      const auto start = at + kRequire.size();
      const std::string_view wanted = text.substr(start, text.find('\'', start) - start);
      CAPTURE(file);
      CAPTURE(wanted);
      CHECK(wanted.substr(0, 2) == "./");
      CHECK(embedded_file(wanted.substr(2)).data() != nullptr);
      ++requires_seen;
    }
  }
  CHECK(requires_seen > 0);
}

}  // namespace
}  // namespace fw::annotate

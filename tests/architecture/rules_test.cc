#include "tests/architecture/rules.h"

#include <doctest/doctest.h>

#include "tests/architecture/breaches.h"

namespace {

using namespace fw::architecture;

constexpr std::string_view kOther = R"(
## Other rules that are checked

| rule | value |
|---|---|
| lines of a source file, at most | 5 |
| raw system calls stand in | `base` `tests/guests` |
| V8's headers are included in | `v8host/embedder` |
| Node-API's headers are included in | `v8host` |
| Python's headers are included in | `pyhost` |
)";

std::string document(std::string_view rows, std::string_view other = kOther) {
  return "# Title\n\n## Who may include whom\n\nProse.\n\n| folder | may include | what "
         "|\n|---|---|---|\n" +
         std::string(rows) + "\nMore prose.\n" + std::string(other);
}

std::string error_of(std::string_view text) {
  const fw::Result<Rules> rules = parse_rules(text);
  return rules ? "no error" : rules.error().message();
}

TEST_CASE("the tables are read as they are written") {
  const fw::Result<Rules> rules =
      parse_rules(document("| `base` | | words |\n| `a` | `base` `a/raw` | x |\n| `a/raw` | | |\n"
                           "| `tests` | everything | |\n"));
  REQUIRE_MESSAGE(rules, rules.error().message());
  REQUIRE(rules->rows.size() == 4);
  CHECK(rules->rows[0].may_include.empty());
  CHECK(rules->rows[1].may_include == std::vector<std::string>{"base", "a/raw"});
  CHECK(rules->rows[3].everything);
  CHECK(!rules->rows[0].everything);
  CHECK(rules->max_lines == 5);
  CHECK(rules->raw_syscall_folders == std::vector<std::string>{"base", "tests/guests"});
  CHECK(rules->engine_folders == std::vector<std::string>{"v8host/embedder"});
  CHECK(rules->node_api_folders == std::vector<std::string>{"v8host"});
  CHECK(rules->python_folders == std::vector<std::string>{"pyhost"});
}

TEST_CASE("the longest row that a path lies under rules it") {
  const Rules rules = *parse_rules(document("| `a` | | |\n| `a/raw` | | |\n| `a/x.h` | | |\n"));
  CHECK(rules.row_of("a/b/c.cc")->path == "a");
  CHECK(rules.row_of("a/raw/c.cc")->path == "a/raw");
  CHECK(rules.row_of("a/rawest/c.cc")->path == "a");
  CHECK(rules.row_of("a/x.h")->path == "a/x.h");
  CHECK(rules.row_of("ab/c.cc") == nullptr);
}

TEST_CASE("a document without a table, or with a row missing, is an error that says so") {
  CHECK(error_of("# Title\n") == "no table under the heading '## Who may include whom'");
  CHECK(error_of(document("| `base` | | |\n", "")) ==
        "no table under the heading '## Other rules that are checked'");
  CHECK(error_of(document(
            "| `base` | | |\n",
            "## Other rules that are checked\n| rule | value |\n|---|---|\n| x | y |\n")) ==
        "no row for the rule 'lines of a source file'");
  CHECK(error_of(document("| base | | |\n")) == "include table: not a row: base");
}

TEST_CASE("a row that names a folder without a row, and a second row, are errors") {
  CHECK(error_of(document("| `a` | `b` | |\n")) ==
        "include table: a may include b, which has no row");
  CHECK(error_of(document("| `a` | | |\n| `a/b` | `a/c` | |\n")) ==
        "include table: a/b may include a/c, which has no row");
  CHECK(error_of(document("| `a` | | |\n| `a` | | |\n")) == "include table: two rows for a");
}

TEST_CASE("a limit of lines that is no number is an error") {
  std::string other(kOther);
  other.replace(other.find("| 5 |"), 5, "| some |");
  CHECK(error_of(document("| `base` | | |\n", other)) == "no number of lines: some");
}

TEST_CASE("a circle in the table is found and named, a diamond is not one") {
  CHECK(cycles(*parse_rules(document("| `a` | `b` `c` | |\n| `b` | `d` | |\n| `c` | `d` | |\n"
                                     "| `d` | | |\n")))
            .empty());
  CHECK(cycles(*parse_rules(document("| `a` | `b` | |\n| `b` | `c` | |\n| `c` | `b` | |\n"))) ==
        Breaches{"the include table runs in a circle: b c b"});
  // Through a row that lies below the one named.
  CHECK(cycles(*parse_rules(document("| `a` | `b` | |\n| `b` | | |\n| `b/c` | `a` | |\n"))) ==
        Breaches{"the include table runs in a circle: a b/c a"});
  CHECK(cycles(*parse_rules(document("| `a` | `a` | |\n"))) ==
        Breaches{"the include table runs in a circle: a a"});
}

}  // namespace

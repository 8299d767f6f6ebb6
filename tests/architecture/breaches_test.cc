// Each rule, given a tree that breaks it and one that comes close and does not.
#include "tests/architecture/breaches.h"

#include <doctest/doctest.h>

namespace {

using namespace fw::architecture;

Rules small_rules() {
  Rules rules;
  rules.rows = {{"base", false, {}},
                {"snapshot/raw", false, {}},
                {"snapshot", false, {"base", "snapshot/raw"}},
                {"v8host", false, {"base", "snapshot"}},
                {"tests", true, {}}};
  rules.max_lines = 3;
  rules.raw_syscall_folders = {"base", "tests/guests"};
  rules.engine_folders = {"v8host/embedder"};
  rules.node_api_folders = {"v8host"};
  rules.python_folders = {"pyhost"};
  return rules;
}

Breaches includes_of(const std::string& path, const std::string& text) {
  return forbidden_includes(small_rules(), {{path, text}});
}
Breaches calls_of(const std::string& path, const std::string& text) {
  return raw_system_calls(small_rules(), {{path, text}});
}

TEST_CASE("an include that the table allows is no breach") {
  CHECK(includes_of("snapshot/a.cc", "#include \"base/x.h\"\n#include \"snapshot/b.h\"\n").empty());
  CHECK(includes_of("snapshot/a.cc", "#include \"snapshot/raw/b.h\"\n#include <vector>\n").empty());
  CHECK(includes_of("tests/a.cc", "#include \"v8host/x.h\"\n#include \"base/y.h\"\n").empty());
}

TEST_CASE("an include upwards is a breach with file and line") {
  CHECK(includes_of("base/a.cc", "// x\n\n#include \"snapshot/b.h\"\n") ==
        Breaches{"base/a.cc:3: base may not include snapshot (\"snapshot/b.h\")"});
}

TEST_CASE("a folder with a row of its own is open to others through the row above it") {
  CHECK(includes_of("snapshot/raw/a.cc", "#include \"snapshot/b.h\"\n").size() == 1);
  CHECK(includes_of("snapshot/raw/a.cc", "#include \"snapshot/raw/b.h\"\n").empty());
  CHECK(includes_of("v8host/a.cc", "#include \"snapshot/raw/b.h\"\n").empty());
}

TEST_CASE("an include is seen however it is spaced, and not inside a comment or a string") {
  CHECK(includes_of("base/a.cc", "  #  include\t\"snapshot/b.h\"\n").size() == 1);
  CHECK(includes_of("base/a.cc", "// #include \"snapshot/b.h\"\n").empty());
  CHECK(includes_of("base/a.cc", "/* x\n#include \"snapshot/b.h\"\n*/\n").empty());
  CHECK(includes_of("base/a.cc", "auto url = \"http://x\";\n#include \"snapshot/b.h\"\n").size() ==
        1);
}

TEST_CASE("an include that is not written from the top of the tree is a breach") {
  CHECK(includes_of("base/a.cc", "#include \"a.h\"\n") ==
        Breaches{"base/a.cc:1: \"a.h\" is not written from the top of the tree, or its folder has "
                 "no row"});
}

TEST_CASE("a source in a folder without a row is a breach") {
  CHECK(includes_of("stray/a.cc", "#include \"base/x.h\"\n") ==
        Breaches{"stray/a.cc:1: stray/a.cc lies in no folder of the include table: give it a row"});
}

TEST_CASE("engine headers are a breach outside of the embedder") {
  for (const char* header : {"v8.h", "v8-platform.h", "node.h", "node_buffer.h",
                             "libplatform/libplatform.h", "node/node.h"}) {
    CAPTURE(header);
    const std::string text = "#include <" + std::string(header) + ">\n";
    CHECK(includes_of("base/a.cc", text).size() == 1);
    CHECK(includes_of("v8host/core.cc", text).size() == 1);
    CHECK(includes_of("v8host/embedder/a.cc", text).empty());
  }
  CHECK(includes_of("base/a.cc", "#include <unistd.h>\n#include <nodes.h>\n").empty());
}

TEST_CASE("headers of Node-API and libuv are a breach outside of the host") {
  for (const char* header :
       {"node_api.h", "node/node_api.h", "js_native_api.h", "uv.h", "uv/unix.h"}) {
    CAPTURE(header);
    const std::string text = "#include <" + std::string(header) + ">\n";
    CHECK(includes_of("base/a.cc", text).size() == 1);
    CHECK(includes_of("v8host/core.cc", text).empty());
  }
}

TEST_CASE("Python's headers are a breach outside of its host") {
  CHECK(includes_of("v8host/a.cc", "#include <Python.h>\n").size() == 1);
  CHECK(includes_of("pyhost/a.cc", "#include <Python.h>\n").empty());
}

TEST_CASE("a raw system call is a breach where the document does not allow it") {
  CHECK(calls_of("store/a.cc", "long f() { return ::syscall(SYS_gettid); }\n").size() == 1);
  CHECK(calls_of("store/a.cc", "long f() {\n  return syscall\n (1);\n}\n")
            .front()
            .starts_with("store/a.cc:2: raw system call"));
  CHECK(calls_of("base/a.cc", "long f() { return ::syscall(SYS_gettid); }\n").empty());
  CHECK(calls_of("tests/guests/a.cc", "long f() { return ::syscall(SYS_gettid); }\n").empty());
}

TEST_CASE("a system call instruction is a breach in every way of writing it") {
  CHECK(calls_of("store/a.cc", "asm volatile(\"syscall\" : \"=a\"(r));\n").size() == 1);
  CHECK(calls_of("store/a.cc", "__asm__(\"int $0x80\");\n").size() == 1);
  CHECK(calls_of("store/a.cc", "asm(R\"(\n  mov $1, %eax\n  syscall\n)\");\n").size() == 1);
  CHECK(calls_of("store/a.S", "  syscall\n").size() == 1);
}

TEST_CASE("talk of system calls is no system call") {
  CHECK(calls_of("store/a.cc", "// a raw syscall(2) is not made here\n").empty());
  CHECK(calls_of("store/a.cc", "/* syscall() */ int syscalls(int n);\n").empty());
  CHECK(calls_of("store/a.cc", "asm volatile(\"pause\");\n").empty());
  CHECK(calls_of("store/a.cc", "say(\"syscall() failed; asm(syscall)\");\n").empty());
  CHECK(calls_of("store/a.js", "syscall()\n").empty());
}

TEST_CASE("a file over the limit of lines is a breach, one at the limit is not") {
  CHECK(long_files(small_rules(), {{"base/a.cc", "1\n2\n3\n"}}).empty());
  CHECK(long_files(small_rules(), {{"base/a.cc", "1\n2\n3\n4\n"}})
            .front()
            .starts_with("base/a.cc: 4 lines, more than the 3 allowed"));
  CHECK(long_files(small_rules(), {{"annotate/js/a.js", "1\n2\n3\n4\n"}}).size() == 1);
  CHECK(long_files(small_rules(), {{"docs/a.md", "1\n2\n3\n4\n"}}).empty());
}

TEST_CASE("markers of unfinished work are breaches in any file") {
  CHECK(forbidden_words({{"docs/a.md",
                          "x\nTO"
                          "DO: more\n"}}) ==
        Breaches{"docs/a.md:2: TO"
                 "DO: finish it, or describe the limit in the documentation"});
  CHECK(forbidden_words({{"base/a.cc",
                          "// FIX"
                          "ME\n"}})
            .size() == 1);
  CHECK(forbidden_words({{"base/a.cc", "mkdtemp(\"x-XXXXXX\"); TODOS();\n"}}).empty());
}

TEST_CASE("host names of package registries are breaches in any file") {
  for (const char* name : {"deb.deb"
                           "ian.org",
                           "registry.npm"
                           "js.org",
                           "py"
                           "pi.org",
                           "files.python"
                           "hosted.org",
                           "gh"
                           "cr.io",
                           "registry-1.dock"
                           "er.io"}) {
    CAPTURE(name);
    CHECK(forbidden_words({{"package-lock.json", "\"https://" + std::string(name) + "/x\""}})
              .size() == 1);
  }
  CHECK(forbidden_words({{"README.md", "Debian, npm and the npm registry\n"}}).empty());
}

TEST_CASE("comments are blanked out line for line, literals are not") {
  CHECK(without_comments("a // b\nc") == "a     \nc");
  CHECK(without_comments("a /* b\n */c") == "a     \n   c");
  CHECK(without_comments("\"//\" '\"' // x") == "\"//\" '\"'     ");
  CHECK(without_comments("\"\\\"//\" // x") == "\"\\\"//\"     ");
  CHECK(without_comments("R\"(\" // )\" // x") == "R\"(\" // )\"     ");
  CHECK(without_comments("1'000 // x'") == "1'000      ");
  CHECK(without_comments("f(\"ab\", 'c')", Literals::kBlank) == "f(\"  \", ' ')");
}

}  // namespace

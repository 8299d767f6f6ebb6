// The lines by which V8 tells that it gives optimised code up.
#include "v8host/embedder/deopt_trace.h"

#include <doctest/doctest.h>

using fw::v8host::LostCode;
using fw::v8host::take_lost_code;

namespace {

constexpr char kBailout[] =
    "[bailout (kind: deopt-eager, reason: not a Smi): begin. deoptimizing 0x2c07a6619069 "
    "<JSFunction add </f/handler.js> (sfi = 0x39972c894809)>, opt id 12, bytecode offset 2, deopt "
    "exit 0, FP to SP delta 32, caller SP 0x7ffc7289f058, pc 0x7f399784f5f8]\n";
constexpr char kMarking[] =
    "[marking dependent code 0x7f1d4384f601 (0x162a08a547b1 <SharedFunctionInfo lazy>) (opt id 3) "
    "for deoptimization, reason: code dependencies]\n";

LostCode only(std::string text) {
  const auto lost = take_lost_code(text);
  CHECK(text.empty());
  REQUIRE(lost.size() == 1);
  return lost[0];
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("A bailout tells function, file, reason, kind and which code it was") {
  const LostCode lost = only(kBailout);
  CHECK(lost.name == "add");
  CHECK(lost.file == "/f/handler.js");
  CHECK(lost.reason == "not a Smi");
  CHECK(lost.kind == "deopt-eager");
  CHECK(lost.shared == 0x39972c894809);
  CHECK(lost.compilation == 12);
}

TEST_CASE("Functions without a name, and lines without a file, are read too") {
  const LostCode nameless = only(replaced(kBailout, "add </f/handler.js>", "</f/handler.js>"));
  CHECK(nameless.name.empty());
  CHECK(nameless.file == "/f/handler.js");
  const LostCode homeless = only(replaced(kBailout, "add </f/handler.js>", "add"));
  CHECK(homeless.name == "add");
  CHECK(homeless.file.empty());
  const LostCode bare = only(replaced(kBailout, "add </f/handler.js> ", ""));
  CHECK(bare.name.empty());
  CHECK(bare.shared == 0x39972c894809);
  const LostCode spaced = only(replaced(kBailout, "add </f/handler.js>", "odd name </my f/h.js>"));
  CHECK(spaced.name == "odd name");
  CHECK(spaced.file == "/my f/h.js");
}

TEST_CASE("Reasons with brackets are kept whole") {
  const LostCode lost = only(replaced(kBailout, "not a Smi", "(unknown)"));
  CHECK(lost.reason == "(unknown)");
  CHECK(reason_of(lost).starts_with("something that its code relied on has changed"));
}

TEST_CASE("Code that is marked for later is told from code that bails out") {
  const LostCode lost = only(kMarking);
  CHECK(lost.kind == fw::v8host::kDependencyChange);
  CHECK(lost.name == "lazy");
  CHECK(lost.shared == 0x162a08a547b1);
  CHECK(lost.compilation == 3);
  CHECK(reason_of(lost).starts_with("something that its code relied on has changed"));
}

TEST_CASE("Other text stays, byte for byte, wherever the lines stand in it") {
  std::string text =
      std::string("before ") + kBailout + "between\n" + kMarking + kBailout + "after";
  CHECK(take_lost_code(text).size() == 3);
  CHECK(text == "before between\nafter");
  std::string none("no [bailout at all\0\n", 20);
  const std::string copy = none;
  CHECK(take_lost_code(none).empty());
  CHECK(none == copy);
}

TEST_CASE("Text that only looks like a line stays") {
  const std::string line = kBailout;
  for (const std::string& part :
       {line.substr(0, 40), line.substr(0, line.size() - 2), replaced(line, "opt id 12", "opt"),
        replaced(line, "0x39972c894809", "0xnothing"),
        replaced(line, "<JSFunction", "<Function")}) {
    std::string text = part;
    CHECK(take_lost_code(text).empty());
    CHECK(text == part);
  }
  // What follows it is read all the same.
  std::string text = line.substr(0, 20) + kBailout;
  CHECK(take_lost_code(text).size() == 1);
}

TEST_CASE("Lines cut at every place are read without harm") {
  const std::string lines = std::string(kBailout) + kMarking;
  for (std::size_t from = 0; from < lines.size(); ++from) {
    for (std::size_t size = 0; from + size <= lines.size(); size += 7) {
      std::string text = lines.substr(from, size);
      const std::size_t before = text.size();
      const auto lost = take_lost_code(text);
      CHECK(lost.size() <= 2);
      if (lost.empty()) CHECK(text.size() == before);
    }
  }
}

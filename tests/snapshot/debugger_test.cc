// An image is a core file: the tools that know nothing of it must accept it.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "snapshot/image/reader.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

// What the tool says about the image. Empty, having said so, where it is missing.
std::string ask(const std::string& tool, std::vector<std::string> arguments) {
  const std::string program = "/usr/bin/" + tool;
  if (::access(program.c_str(), X_OK) != 0) {
    MESSAGE("skipped: there is no " << program);
    return "";
  }
  const Outcome outcome = Guest::run_program(program, Pids::kPatched, arguments);
  INFO("it said:\n" << outcome.output);
  CHECK(outcome.exited_with(0));
  return outcome.output;
}

std::string ask_gdb(const std::string& guest, const std::filesystem::path& image,
                    const std::string& question) {
  return ask("gdb", {"-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", question,
                     FW_TEST_DIR "/guests/" + guest, image.string()});
}

std::vector<std::string> lines_with(const std::string& text, std::string_view word) {
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(word) != std::string::npos) found.push_back(line);
  }
  return found;
}

}  // namespace

TEST_CASE("readelf finds every mapping and every thread of an image, and no fault") {
  const Guest guest("many_threads");
  REQUIRE(guest.capture(Pids::kPatched));
  Result<image::ImageReader> image = image::ImageReader::open(guest.image());
  REQUIRE(image.has_value());

  const std::string segments = ask("readelf", {"-lW", guest.image().string()});
  if (segments.empty()) return;
  CHECK(segments.find("type is CORE") != std::string::npos);
  CHECK(lines_with(segments, "LOAD  ").size() == image->plan().maps.count);
  CHECK(lines_with(segments, "NOTE  ").size() == 2);
  CHECK(lines_with(segments, "arning").empty());

  const std::string notes = ask("readelf", {"-nW", guest.image().string()});
  // readelf takes the types of our own notes, 1 and 2, for those of CORE.
  CHECK(lines_with(notes, "NT_PRSTATUS").size() == image->plan().threads.count + 1);
  CHECK(lines_with(notes, "NT_FPREGSET").size() == image->plan().threads.count + 1);
  for (const char* name : {"NT_PRPSINFO", "NT_AUXV", "NT_FILE", "FWRUN-PLAN", "FWRUN-SUMS"}) {
    CHECK(lines_with(notes, name).size() == 1);
  }
  CHECK(lines_with(notes, "arning").empty());
}

TEST_CASE("gdb shows the threads of an image, numbered from 1, the caller first") {
  const Guest guest("many_threads");
  REQUIRE(guest.capture(Pids::kPatched));
  const std::string threads = ask_gdb("many_threads", guest.image(), "info threads");
  if (threads.empty()) return;
  INFO(threads);
  CHECK(lines_with(threads, "[New LWP").size() == 101);
  CHECK(lines_with(threads, "[Current thread is 1 ").size() == 1);
  CHECK(lines_with(threads, "* 1    Thread").size() == 1);
  CHECK(lines_with(threads, "  101  Thread").size() == 1);
  CHECK(lines_with(threads, "  102  Thread").empty());
  CHECK(lines_with(threads, "too small").empty());
}

TEST_CASE("gdb shows how main() came to the snapshot") {
  const Guest guest("heap");
  REQUIRE(guest.capture(Pids::kPatched));
  const std::string trace = ask_gdb("heap", guest.image(), "bt");
  if (trace.empty()) return;
  INFO(trace);
  CHECK(lines_with(trace, "fw_snapshot_here").size() >= 1);
  CHECK(lines_with(trace, "main (argv=").size() == 1);
  CHECK(lines_with(trace, "Backtrace stopped").empty());
}

TEST_CASE("gdb shows where main() waits while another thread captures") {
  const Guest guest("capture_by_thread");
  REQUIRE(guest.capture(Pids::kPatched));
  const std::string traces = ask_gdb("capture_by_thread", guest.image(), "thread apply all bt");
  if (traces.empty()) return;
  INFO(traces);
  CHECK(lines_with(traces, "fw_snapshot_here").size() >= 1);
  // Without " in" before it when main() stands at the start of a line of source.
  CHECK(lines_with(traces, " main (").size() == 1);
}

TEST_CASE("gdb reads the registers and variables of a stopped thread") {
  const Guest guest("registers_of_thread");
  REQUIRE(guest.capture(Pids::kPatched));
  const std::string mode =
      ask_gdb("registers_of_thread", guest.image(), "thread apply all -q -s info registers mxcsr");
  if (mode.empty()) return;
  INFO(mode);
  CHECK(lines_with(mode, "mxcsr").size() == 4);
  CHECK(lines_with(mode, "0x3f80").size() == 1);  // rounds down
  CHECK(lines_with(mode, "0x5f80").size() == 1);  // rounds up
  CHECK(lines_with(mode, "registers_of_thread " + guest.image().string()).size() == 1);
  CHECK(lines_with(mode, "too small").empty());
}

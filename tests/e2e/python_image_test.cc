// The image of a Python host is held to what images of small programs are held to: with
// nothing but the standard library in it, with Numba and its compiled code, with threads.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <sstream>

#include "snapshot/image/reader.h"
#include "tests/e2e/installation.h"
#include "tests/snapshot/guest_runner.h"
#include "tests/snapshot/image_file.h"
#include "tests/snapshot/plan_mutations.h"
#include "tests/snapshot/plan_probe.h"

using namespace fw;
using namespace fw::testing;
using fw::test::Guest;
using fw::test::ImageFile;
using fw::test::Outcome;
using fw::test::Pids;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// Without and with Numba.
constexpr const char* kHosts[] = {"plain", "memory"};

// An installed function, and a copy of its image to be damaged.
struct Subject {
  explicit Subject(const std::string& function, const std::string& folder = "python_image") {
    installed = fwrun.install("../" + folder + "/" + function + ".py");
    name = function;
  }
  fs::path image() const { return fwrun.home().current(name) / store::kImageFile; }
  std::uint64_t mappings() const { return installed["report"]["snapshot"]["mappings"]; }
  std::uint64_t threads() const { return installed["report"]["snapshot"]["threads"]; }

  Installation fwrun;
  json installed;
  std::string name;
};

json event_of(const std::string& function) {
  if (function == "plain") return {{"name", "Grace"}};
  return {{"calls", 2}, {"points", 1000}};
}

json answer_of(const std::string& function) {
  if (function == "plain") return {{"greeting", "Hello, Grace!"}};
  return {{"near", true}};
}

void expect_refused(const Outcome& outcome, std::string_view reason) {
  INFO("it said:\n" << outcome.output);
  CHECK(outcome.exited_with(FW_RESTORE_EXIT_REFUSED));
  CHECK(outcome.output.find(reason) != std::string::npos);
}

Outcome restore(const fs::path& image) {
  return Guest::run_program(FW_BIN_DIR "/fwrun-restore", Pids::kKept, {image.string()});
}

std::vector<std::string> lines_with(const std::string& text, std::string_view word) {
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(word) != std::string::npos) found.push_back(line);
  }
  return found;
}

// What the tool says about an image. Empty, having said so, where it is missing.
std::string ask(const std::string& tool, const std::vector<std::string>& arguments) {
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

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) found.insert(entry.path());
  return found;
}

}  // namespace

TEST_CASE("A verification reads all of a Python image, and finds any byte that was altered") {
  for (const char* host : kHosts) {
    CAPTURE(host);
    const Subject subject(host);
    const json verified = subject.fwrun.command({"--json", "--verify", host}).run().json();
    CHECK(verified["verified"] == host);
    Result<image::ImageReader> image = image::ImageReader::open(subject.image());
    REQUIRE(image.has_value());
    const std::uint64_t pages = image->plan().pages_offset;

    ImageFile copy(subject.image(), subject.fwrun / "copy");
    CHECK(image::verify_image(copy.path()).has_value());
    std::vector<std::uint64_t> places{70, 3000, copy.plan_offset() + 600, copy.size() - 1};
    constexpr int kPlaces = 8;
    for (int i = 0; i < kPlaces; ++i) {
      places.push_back(pages + (copy.size() - pages) / kPlaces * static_cast<unsigned>(i) + 11);
    }
    for (const std::uint64_t at : places) {
      CAPTURE(at);
      copy.flip(at);
      const Result<image::Verified> altered = image::verify_image(copy.path());
      copy.flip(at);
      REQUIRE(!altered.has_value());
      CHECK(altered.error().code() == Errc::kRefused);
      CHECK(altered.error().message().find("altered: ") != std::string::npos);
    }
    CHECK(image::verify_image(copy.path()).has_value());
  }
}

TEST_CASE("--verify and --invoke refuse a damaged Python image, and serve it when it is mended") {
  const Subject subject("plain");
  const Installation& fwrun = subject.fwrun;
  const fs::path image = subject.image();
  fs::copy_file(image, fwrun / "whole");
  fs::resize_file(image, fs::file_size(image) - image::kPage);
  for (const char* command : {"--verify", "--invoke"}) {
    const Finished refused = fwrun.command({"--json", command, "plain"}).run();
    CHECK(refused.code == 5);
    CHECK(refused.json()["error"]["code"] == "refused_image");
    CHECK(contains(refused.json()["error"]["message"], "truncated"));
  }
  fs::copy_file("/bin/ls", image, fs::copy_options::overwrite_existing);
  for (const char* command : {"--verify", "--invoke"}) {
    CHECK(fwrun.command({"--json", command, "plain"}).run().code == 5);
  }
  fs::copy_file(fwrun / "whole", image, fs::copy_options::overwrite_existing);
  CHECK(fwrun.command({"--verify", "plain"}).run().code == 0);
  CHECK(fwrun.result("plain", event_of("plain")) == answer_of("plain"));
}

TEST_CASE("The restorer refuses a Python image that was cut or altered, wherever") {
  for (const char* host : kHosts) {
    CAPTURE(host);
    const Subject subject(host);
    ImageFile copy(subject.image(), subject.fwrun / "copy");
    const std::uint64_t whole = copy.size();
    const std::uint64_t plan = copy.plan_offset();
    const std::uint64_t end = plan + copy.plan_bytes();
    for (const std::uint64_t at :
         {end - 1, (plan + end) / 2, plan + 200, plan + sizeof(image::Plan)}) {
      copy.flip(at);
      expect_refused(restore(copy.path()), "altered: the plan's checksum");
      copy.flip(at);
    }
    copy.forge([](image::Plan* forged) { forged->fingerprint.xcr0 ^= 0x200; });
    expect_refused(restore(copy.path()), "a CPU with other features");
    copy.mend();
    for (const std::uint64_t size :
         {whole - 1, whole / 2, end, end - 1, plan + 8, std::uint64_t{1000}}) {
      CAPTURE(size);
      copy.set_size(size);
      expect_refused(restore(copy.path()), "truncated");
      copy.mend();
    }
  }
}

TEST_CASE("No mutant of a Python image's head crashes the checks or fools them") {
  for (const char* host : kHosts) {
    CAPTURE(host);
    const Subject subject(host);
    const ImageFile copy(subject.image(), subject.fwrun / "copy");
    const std::vector<char> head = copy.head();
    CHECK(test::probe_plan(head, false).accepted);
    const test::MutationRun run = test::run_mutations(head, 19910220, 4'000);
    CHECK(run.accepted > 50);
    CHECK(run.refused.size() > 8);
  }
}

TEST_CASE("readelf finds every mapping and every thread of a Python image") {
  for (const auto& [host, folder] :
       {std::pair{"memory", "python_image"}, std::pair{"waiting", "python_threads"}}) {
    const Subject subject(host, folder);
    const std::string segments = ask("readelf", {"-lW", subject.image().string()});
    if (segments.empty()) return;
    CHECK(segments.find("type is CORE") != std::string::npos);
    CHECK(lines_with(segments, "LOAD  ").size() == subject.mappings());
    CHECK(lines_with(segments, "arning").empty());
    const std::string notes = ask("readelf", {"-nW", subject.image().string()});
    // readelf takes the types of our own notes, 1 and 2, for those of CORE.
    CHECK(lines_with(notes, "NT_PRSTATUS").size() == subject.threads() + 1);
    CHECK(lines_with(notes, "NT_FPREGSET").size() == subject.threads() + 1);
    CHECK(lines_with(notes, "arning").empty());
  }
}

TEST_CASE("gdb shows the threads of a Python image, and how each came to wait") {
  const Subject subject("waiting", "python_threads");
  const std::string host = FW_BIN_DIR "/fwrun-pyhost";
  const std::string traces =
      ask("gdb", {"-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex",
                  "thread apply all -q bt", host, subject.image().string()});
  if (traces.empty()) return;
  INFO(traces);
  CHECK(lines_with(traces, "[New LWP").size() == subject.threads());
  CHECK(lines_with(traces, "[Current thread is 1 ").size() == 1);
  CHECK(lines_with(traces, "fw_snapshot_here").size() >= 1);
  CHECK(lines_with(traces, " main (").size() + lines_with(traces, " in main (").size() >= 1);
  // Every other one is shown where it waits, not in the handler that stopped it.
  CHECK(lines_with(traces, " start_thread (").size() == subject.threads() - 1);
  CHECK(lines_with(traces, "park_handler").empty());
  CHECK(lines_with(traces, "epoll_wait (").size() == 1);
}

TEST_CASE("A Python function whose native library changed, or is gone, is refused with its path") {
  const Installation fwrun;
  const fs::path folder = fwrun / "native";
  write_text(folder / "main.py", R"(import ctypes, os
here = os.path.dirname(__file__)
absolute = ctypes.CDLL(os.path.join(here, 'libabsolute.so')).fabs
absolute.argtypes, absolute.restype = [ctypes.c_double], ctypes.c_double
warmup = [-8.0]
def handler(event, context):
    return absolute(event)
)");
  const fs::path library = folder / "libabsolute.so";
  fs::copy_file("/lib/x86_64-linux-gnu/libm.so.6", library);
  REQUIRE(fwrun.command({"--install", folder}).run().code == 0);
  CHECK(fwrun.result("native", -27.0) == 27.0);

  const auto expect = [&](std::string_view verified, std::string_view invoked) {
    for (const auto& [command, reason] :
         {std::pair{"--verify", verified}, std::pair{"--invoke", invoked}}) {
      const Finished refused = fwrun.command({"--json", command, "native"}).run();
      CAPTURE(refused.out);
      CHECK(refused.code == 5);
      CHECK(contains(refused.json()["error"]["message"], library.native()));
      CHECK(contains(refused.json()["error"]["message"], reason));
    }
  };
  const timespec times[] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, library.c_str(), times, 0) == 0);
  expect("has changed", "stale");
  fs::remove(library);
  expect("is gone", "no such file");
  fs::copy_file("/lib/x86_64-linux-gnu/libm.so.6", library);
  REQUIRE(fwrun.command({"--install", folder}).run().code == 0);
  CHECK(fwrun.result("native", -64.0) == 64.0);
}

TEST_CASE("200 restores of Python functions leave no process, descriptor or file behind") {
  const Installation fwrun;
  fwrun.install("../python_image/plain.py");
  fwrun.install("../python_threads/shared_values.py");
  const json values{{"before", 40}, {"value", 43}, {"array", {4.5, 2.5}}, {"got", {1, 2}}};
  const std::set<std::string> store = files_below(fwrun.home().root());
  const std::set<std::string> shared = files_below("/dev/shm");
  const std::size_t descriptors = open_descriptors();
  for (int i = 0; i < 100; ++i) {
    CHECK(fwrun.result("plain", event_of("plain")) == answer_of("plain"));
    // With children of its own, locks and shared memory.
    CHECK(fwrun.result("shared_values", {{"children", 2}}) == values);
  }
  CHECK(children().empty());
  CHECK(open_descriptors() == descriptors);
  CHECK(files_below(fwrun.home().root()) == store);
  CHECK(files_below("/dev/shm") == shared);
}

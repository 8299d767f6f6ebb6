#include "store/live_clone.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.h"
#include "store/phases.h"
#include "tests/store/clone_image.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using nlohmann::json;
using store::Ending;
using store::LiveClone;

namespace {

class Image {
 public:
  Image() {
    testing::capture_clone(temp_ / "image");
    fd_ = open_file(temp_ / "image", O_RDONLY).value();
  }
  store::InvokeRequest request(std::string_view arguments,
                               std::uint64_t timeout_ms = 60'000) const {
    return {fd_.get(), FW_BIN_DIR "/fwrun-restore", arguments, timeout_ms};
  }
  LiveClone start(std::string_view arguments = "{}", std::uint64_t timeout_ms = 60'000) const {
    Result<LiveClone> clone = LiveClone::start(request(arguments, timeout_ms));
    if (!clone) FAIL(clone.error().message());
    return std::move(*clone);
  }

 private:
  testing::TempFolder temp_;
  UniqueFd fd_;
};

std::string text_of(const store::Invoked& invoked) {
  std::string text;
  for (const args::LogEntry& entry : invoked.logs) text += entry.text;
  return text;
}

bool has_phase(const store::Invoked& invoked, std::string_view name) {
  for (const store::Phase& phase : store::phases_of(invoked.timeline, invoked.received_ns)) {
    if (phase.name == name) return true;
  }
  return false;
}

bool alive(pid_t pid) { return ::kill(pid, 0) == 0; }

std::size_t descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("A live clone serves one invocation after the other in the same process") {
  const Image image;
  LiveClone clone = image.start(R"({"n":1})");
  CHECK(clone.first().ending == Ending::kResult);
  CHECK(json::parse(clone.first().body) == json::parse(R"({"served":1,"event":{"n":1}})"));
  CHECK(clone.first().tier == "cold");
  CHECK(has_phase(clone.first(), "map"));
  const pid_t pid = clone.pid();
  for (int n = 2; n <= 100; ++n) {
    const std::string event = json{{"n", n}}.dump();
    const Result<store::Invoked> invoked = clone.invoke(event);
    REQUIRE(invoked);
    CHECK(invoked->ending == Ending::kResult);
    CHECK(json::parse(invoked->body) == json{{"served", n}, {"event", {{"n", n}}}});
    CHECK(invoked->tier == "live");
    CHECK_FALSE(has_phase(*invoked, "map"));
    CHECK(has_phase(*invoked, "total"));
  }
  CHECK(clone.running());
  CHECK(clone.pid() == pid);
}

TEST_CASE("Each invocation of a live clone has its own request, output and notes") {
  const Image image;
  LiveClone clone = image.start(R"({"print":"one","jit":2,"notes":["a note"]})");
  CHECK(text_of(clone.first()) == "one");
  CHECK(clone.first().jit == args::Jit::kLost);
  CHECK(clone.first().jit_notes == std::vector<std::string>{"a note"});
  const store::Invoked second = clone.invoke(R"({"print":"two","jit":1})").value();
  CHECK(text_of(second) == "two");
  CHECK(second.jit == args::Jit::kPostJit);
  CHECK(second.jit_notes.empty());
  const store::Invoked third = clone.invoke("{}").value();
  CHECK(third.logs.empty());
  CHECK(third.jit == args::Jit::kNothing);
  CHECK(second.request_id != third.request_id);
}

TEST_CASE("An error that the function answers with does not end its clone") {
  const Image image;
  LiveClone clone = image.start(R"({"error":true})");
  CHECK(clone.first().ending == Ending::kError);
  CHECK(clone.invoke("{}").value().ending == Ending::kResult);
}

TEST_CASE("Memory that a clone copied or allocated is counted as its own") {
  const Image image;
  LiveClone clone = image.start();
  const std::uint64_t before = clone.private_kb().value();
  CHECK(before > 0);
  REQUIRE(clone.invoke(R"({"allocate_kb":4096})"));
  const std::uint64_t after = clone.private_kb().value();
  CHECK(after >= before + 4096);
  CHECK(after < before + 4096 + 1024);
}

TEST_CASE("A clone that ends, is killed or hangs serves no more, and says how it went") {
  const Image image;
  struct Case {
    const char* event;
    Ending ending;
    const char* type;
  };
  for (const Case& one : {Case{R"({"exit":3})", Ending::kError, "Runtime.ExitError"},
                          Case{R"({"exit":121})", Ending::kError, "Runtime.ExitError"},
                          Case{R"({"abort":true})", Ending::kError, "Runtime.Crash"},
                          Case{R"({"hang":true})", Ending::kTimedOut, "Sandbox.Timedout"}}) {
    CAPTURE(one.event);
    LiveClone clone = image.start("{}", one.ending == Ending::kTimedOut ? 3000 : 60'000);
    const pid_t pid = clone.pid();
    const store::Invoked last = clone.invoke(one.event).value();
    CHECK(last.ending == one.ending);
    CHECK(json::parse(last.body)["errorType"] == one.type);
    CHECK_FALSE(clone.running());
    CHECK_FALSE(alive(pid));
    const Result<store::Invoked> none = clone.invoke("{}");
    REQUIRE_FALSE(none);
    CHECK(none.error().code() == Errc::kDied);
    CHECK(clone.private_kb().error().code() == Errc::kDied);
  }
}

TEST_CASE("A clone whose very first invocation fails is there to tell it") {
  const Image image;
  LiveClone clone = image.start(R"({"exit":3})");
  CHECK(clone.first().ending == Ending::kError);
  CHECK_FALSE(clone.running());
}

TEST_CASE("Arguments larger than the slot reach a new clone only") {
  const Image image;
  const std::string large = json{{"text", std::string(std::size_t{2} << 20, 'x')}}.dump();
  LiveClone clone = image.start(large);
  CHECK(json::parse(clone.first().body)["event"]["text"].get<std::string>().size() == 2 << 20);
  const Result<store::Invoked> refused = clone.invoke(large);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Errc::kBadInput);
  CHECK(json::parse(clone.invoke("{}").value().body)["served"] == 2);
}

TEST_CASE("A clone is gone with its object, and leaves no process and no descriptor") {
  const Image image;
  (void)image.start();  // what is opened once and for all
  const std::size_t before = descriptors();
  pid_t pid = -1;
  {
    LiveClone clone = image.start();
    LiveClone moved = std::move(clone);
    pid = moved.pid();
    CHECK(alive(pid));
    CHECK(moved.invoke("{}"));
  }
  CHECK_FALSE(alive(pid));
  CHECK(descriptors() == before);
  CHECK(::waitpid(-1, nullptr, WNOHANG | __WALL) == -1);
}

TEST_CASE("A file that is no image starts no clone") {
  const testing::TempFolder temp;
  testing::write_text(temp / "image", "x");
  const UniqueFd fd = open_file(temp / "image", O_RDONLY).value();
  const Result<LiveClone> clone =
      LiveClone::start({fd.get(), FW_BIN_DIR "/fwrun-restore", "{}", 1000});
  REQUIRE_FALSE(clone);
  CHECK(clone.error().code() == Errc::kRefused);
}

TEST_CASE("An invocation of its own ends its process with the answer") {
  const Image image;
  const store::Invoked invoked = store::invoke_image(image.request(R"({"n":1})")).value();
  CHECK(json::parse(invoked.body)["served"] == 1);
  CHECK(::waitpid(-1, nullptr, WNOHANG | __WALL) == -1);
}

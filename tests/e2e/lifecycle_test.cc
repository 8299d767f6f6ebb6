// Install, list, show, verify, replace, remove; and images that are not as they were.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "snapshot/image/validate.h"
#include "store/catalog.h"
#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

fs::path image_of(const Installation& fwrun, const std::string& name) {
  return fwrun.home().current(name) / fw::store::kImageFile;
}

using fw::image::PlanLocation;

PlanLocation plan_of(const fs::path& image) {
  const std::string bytes = read_text(image);
  PlanLocation location{};
  REQUIRE(fw::image::locate_plan(bytes.data(), 4096, bytes.size(), &location) == nullptr);
  return location;
}

void change_byte(const fs::path& file, std::size_t offset) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(offset));
  const int old = stream.get();
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(static_cast<char>(old ^ 0x40));
}

}  // namespace

TEST_CASE("A function is listed, shown, verified, replaced and removed") {
  const Installation fwrun;
  fwrun.install("hello.js");
  fwrun.install("echo.js");
  const json list = fwrun.command({"--json", "--list"}).run().json()["functions"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["name"] == "echo");
  CHECK(list[1]["name"] == "hello");
  CHECK(contains(fwrun.command({"--list"}).run().out, "hello"));

  fwrun.install("hello.js", {"--env", "A=1", "--timeout", "1.5"});
  const json shown = fwrun.command({"--json", "--show", "hello"}).run().json();
  CHECK(shown["function"]["version"] == 2);
  CHECK(shown["function"]["environment"] == json{{"A", "1"}});
  CHECK(shown["function"]["timeout_ms"] == 1500);
  CHECK(shown["function"]["image_bytes"] > 1'000'000);
  CHECK(shown["function"]["image_bytes"] <= fs::file_size(image_of(fwrun, "hello")));
  CHECK(shown["versions"] == json{1, 2});
  CHECK(shown["report"]["training"]["events"] == 2);
  const std::string text = fwrun.command({"--show", "hello"}).run().out;
  CHECK(contains(text, "hello, version 2 (kept: 1)"));
  CHECK(contains(text, "environment     A=1"));
  CHECK(contains(text, "128 MB, 1.5 s"));

  const json verified = fwrun.command({"--json", "--verify", "hello"}).run().json();
  CHECK(verified["verified"] == "hello");
  CHECK(verified["page_bytes"] > 1'000'000);
  CHECK(contains(fwrun.command({"--verify", "hello"}).run().out, "the image is whole"));

  CHECK(fwrun.command({"--json", "--remove", "hello"}).run().json()["removed"] == "hello");
  CHECK(fwrun.command({"--invoke", "hello"}).run().code == 4);
  CHECK(fwrun.result("echo", 5) == 5);
  CHECK(fwrun.command({"--remove", "echo"}).run().code == 0);
  CHECK(fwrun.command({"--list"}).run().code == 0);
  CHECK(fs::is_empty(fwrun.home().functions()));
  CHECK((!fs::exists(fwrun.home().packs()) || fs::is_empty(fwrun.home().packs())));
}

TEST_CASE("An install by a relative path, from within the folder, works from anywhere") {
  const Installation fwrun;
  CHECK(fwrun.command({"--install", ".", "--train", "../package.train.json"})
            .folder(fixture("package"))
            .run()
            .code == 0);
  CHECK(fwrun.result("package", {{"text", ""}, {"n", 1}})["triple"] == 3);
}

TEST_CASE("A byte that was altered anywhere is found by --verify") {
  const Installation fwrun;
  fwrun.install("hello.js");
  const fs::path image = image_of(fwrun, "hello");
  const std::size_t size = fs::file_size(image);
  for (const std::size_t offset : {std::size_t{20}, std::size_t{3000}, size / 2, size - 5000}) {
    CAPTURE(offset);
    change_byte(image, offset);
    const Finished verify = fwrun.command({"--json", "--verify", "hello"}).run();
    CHECK(verify.code == 5);
    CHECK(verify.json()["error"]["code"] == "refused_image");
    change_byte(image, offset);  // back
  }
  CHECK(fwrun.command({"--verify", "hello"}).run().code == 0);
}

TEST_CASE("An image whose plan was altered, or that was cut, is refused by --invoke") {
  const Installation fwrun;
  fwrun.install("hello.js");
  const fs::path image = image_of(fwrun, "hello");
  fs::copy_file(image, fwrun / "kept");
  const PlanLocation plan = plan_of(image);
  for (const std::uint64_t part : {0, 1, 2, 3}) {
    CAPTURE(part);
    change_byte(image, plan.note_offset + fw::image::kPlanNoteHeader + plan.plan_bytes * part / 4);
    const Finished invoke = fwrun.command({"--json", "--invoke", "hello"}).run();
    CHECK(invoke.code == 5);
    CHECK(contains(invoke.json()["error"]["message"], "the image of 'hello' is refused: "));
    fs::copy_file(fwrun / "kept", image, fs::copy_options::overwrite_existing);
  }
  fs::resize_file(image, fs::file_size(image) - 4096);
  CHECK(fwrun.command({"--invoke", "hello"}).run().code == 5);
  fs::resize_file(image, 100);
  CHECK(fwrun.command({"--invoke", "hello"}).run().code == 5);
  fwrun.install("hello.js");
  CHECK(fwrun.command({"--invoke", "hello"}).run().code == 0);
}

TEST_CASE("A version stays what it was when its source changes or goes") {
  const Installation fwrun;
  const fs::path source = fwrun / "f.js";
  write_text(source, "exports.handler = async () => 'old';");
  REQUIRE(fwrun.command({"--install", source}).run().code == 0);
  write_text(source, "exports.handler = async () => 'new';");
  CHECK(fwrun.result("f") == "old");
  REQUIRE(fwrun.command({"--install", source}).run().code == 0);
  CHECK(fwrun.result("f") == "new");
  fs::remove(source);
  CHECK(fwrun.result("f") == "new");
}

TEST_CASE("Another user than root installs and invokes in a store of their own") {
  if (!have_nobody()) return;
  const Installation fwrun;
  fs::permissions(fwrun / "", fs::perms::all);
  const fs::path source = fwrun / "f.js";
  write_text(source, "exports.handler = async (e) => [process.pid, e];");
  fs::permissions(source, fs::perms::all);
  const Finished installed = fwrun.command({"--json", "--install", source}).as_nobody().run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  const Finished invoked = fwrun.command({"--invoke", "f", "--args", "\"x\""}).as_nobody().run();
  CHECK(invoked.out == "[1,\"x\"]\n");
  const std::string huge = "\"" + std::string(2'000'000, 'x') + "\"";
  CHECK(fwrun.command({"--invoke", "f", "--args", "-"}).input(huge).as_nobody().run().out ==
        "[1," + huge + "]\n");
}

TEST_CASE("Root of a container, who may not create namespaces, installs and invokes") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give up a right of root");
    return;
  }
  const Installation fwrun;
  const Finished installed =
      fwrun.command({"--json", "--install", fixture("hello.js")}).without_sys_admin().run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  const std::string answer = "{\"greeting\":\"Hello, world!\"}\n";
  CHECK(fwrun.command({"--invoke", "hello"}).without_sys_admin().run().out == answer);
  CHECK(fwrun.command({"--invoke", "hello"}).run().out == answer);
}

#include "bench/peers/workerd.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "base/files.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

// As npm would leave it.
void install_fake(const test::ScratchFolder& folder, const std::string& package) {
  const std::filesystem::path there = folder / "node_modules/@cloudflare/workerd-linux-64";
  std::filesystem::create_directories(there / "bin");
  std::ofstream(there / "bin/workerd") << "#!/bin/sh\n";
  ::chmod((there / "bin/workerd").c_str(), 0755);
  std::ofstream(there / "package.json") << package;
}

}  // namespace

TEST_CASE("A workerd that is there is found with its version, and nothing is downloaded") {
  const test::ScratchFolder folder;
  install_fake(folder, R"({"version": "1.2.3"})");
  const Workerd workerd = find_workerd(folder.path(), false).value();
  CHECK(workerd.version == "1.2.3");
  CHECK(workerd.program.string().ends_with("/bin/workerd"));
}

TEST_CASE("A workerd that is not there, or damaged, is told") {
  const test::ScratchFolder folder;
  const Result<Workerd> missing = find_workerd(folder.path(), false);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code() == Errc::kNotFound);
  CHECK(missing.error().message().find(folder.path().string()) != std::string::npos);
  install_fake(folder, "no json");
  CHECK(find_workerd(folder.path(), false).error().message().find("damaged") != std::string::npos);
}

TEST_CASE("A worker is the function's own file, and is served on the port asked for") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "handler.js") << "exports.handler = (event) => event.id;\n";
  Subject subject;
  subject.manifest.entry = (folder / "handler.js").string();
  const Program program = workerd_program({"/bin/w", "1"}, subject, 4711, folder.path()).value();
  CHECK(program.path == "/bin/w");
  CHECK(program.arguments == std::vector<std::string>{"serve", (folder / "worker.capnp").string()});
  CHECK(read_file(folder / "worker.capnp").value().find("\"127.0.0.1:4711\"") != std::string::npos);
  const std::string worker = read_file(folder / "worker.js").value();
  CHECK(worker.find("exports.handler = (event) => event.id;") != std::string::npos);
  CHECK(worker.find("export default") != std::string::npos);
  subject.manifest.entry = "/nowhere.js";
  CHECK_FALSE(workerd_program({"/bin/w", "1"}, subject, 4711, folder.path()));
}

TEST_CASE("Peers are kept where caches are") {
  ::setenv("XDG_CACHE_HOME", "/c", 1);
  CHECK(peer_cache() == "/c/fwrun-bench");
  ::unsetenv("XDG_CACHE_HOME");
  CHECK(peer_cache().string().ends_with("fwrun-bench"));
}

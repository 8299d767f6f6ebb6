#include "bench/peers/node.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;
namespace fs = std::filesystem;

namespace {

// A script that tells `version`, as node does.
fs::path make_node(const fs::path& path, const std::string& body) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
  ::chmod(path.c_str(), 0755);
  return path;
}

bool holds(const std::vector<fs::path>& paths, const fs::path& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

TEST_CASE("Versions are compared as numbers") {
  using Version = std::array<unsigned, 3>;
  CHECK(parse_node_version("v20.11.1\n").value() == Version{20, 11, 1});
  CHECK(parse_node_version("v9.0.0").value() < parse_node_version("v18.0.0").value());
  CHECK(parse_node_version("v26.0.0-nightly2026").value() == Version{26, 0, 0});
  for (const char* text : {"", "v", "20.11.1", "v20", "v20.11", "v20.x.1", "version 3.1.2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_node_version(text).has_value());
  }
}

TEST_CASE("Nodes are found on the path and where version managers put them, each once") {
  const test::ScratchFolder folder;
  const fs::path first = make_node(folder / "bin/node", "");
  const fs::path versioned = make_node(folder / "bin/nodejs-18.2", "");
  const fs::path managed = make_node(folder / "home/.nvm/versions/node/v22.1.0/bin/node", "");
  make_node(folder / "bin/node-gyp", "");
  make_node(folder / "bin/nodemon", "");
  std::ofstream(folder / "bin/node20") << "not executable";
  fs::create_symlink(first, folder / "bin/nodejs");
  fs::create_symlink(folder / "nowhere", folder / "bin/node19");
  fs::create_directories(folder / "bin/node21");

  const std::string path = ":" + (folder / "none").string() + ":" + (folder / "bin").string();
  std::vector<fs::path> nodes = find_nodes(path, folder / "home");
  CHECK(holds(nodes, first));
  CHECK(holds(nodes, versioned));
  CHECK(holds(nodes, managed));
  std::erase_if(nodes, [&](const fs::path& node) {
    return !node.string().starts_with(folder.path().string());  // the machine's own
  });
  CHECK(nodes.size() == 3);
}

TEST_CASE("The newest node is the one with the highest version, whatever the order") {
  const test::ScratchFolder folder;
  const fs::path nine = make_node(folder / "a/node", "echo v9.9.9");
  const fs::path twenty = make_node(folder / "b/node", "echo v20.1.0");
  const fs::path eighteen = make_node(folder / "c/node", "echo v18.20.4");
  const Result<Node> newest = newest_node({nine, twenty, eighteen});
  REQUIRE(newest);
  CHECK(newest->program == twenty);
  CHECK(newest->version == "20.1.0");
}

TEST_CASE("A node that fails or tells nonsense is passed over") {
  const test::ScratchFolder folder;
  const fs::path fails = make_node(folder / "a/node", "echo v99.0.0; exit 1");
  const fs::path nonsense = make_node(folder / "b/node", "echo hello");
  const fs::path silent = make_node(folder / "c/node", "");
  const fs::path good = make_node(folder / "d/node", "echo v16.0.0");
  CHECK(newest_node({fails, nonsense, silent, good}).value().program == good);
  const Result<Node> none = newest_node({fails, nonsense, silent});
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == Errc::kNotFound);
  CHECK(none.error().message() == "no node was found on this machine");
}

#include "bench/peers/interpreters.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("Debian's Python is told with its version, and runs isolated and without bytecode") {
  const Result<Interpreter> python = debian_python();
  REQUIRE_MESSAGE(python.has_value(), python.error().message());
  CHECK(python->key == "python");
  CHECK(python->what.starts_with("Debian Python 3.11."));
  CHECK(python->what.find('\n') == std::string::npos);
  CHECK(python->arguments == std::vector<std::string>{"-I", "-B"});
  CHECK(python->note.find(python->what) != std::string::npos);
}

TEST_CASE("Debian's node is the host, with the version that it tells") {
  const test::ScratchFolder folder;
  const std::filesystem::path host = folder / "host";
  std::ofstream(host) << "#!/bin/sh\necho v18.1.2\n";
  ::chmod(host.c_str(), 0755);
  const Result<Interpreter> node = debian_node(host);
  REQUIRE_MESSAGE(node.has_value(), node.error().message());
  CHECK(node->what == "Debian node 18.1.2");
  CHECK(node->program == host);
  CHECK(node->arguments.empty());
}

TEST_CASE("A host that tells no version, or is not there, is an error") {
  const test::ScratchFolder folder;
  const std::filesystem::path host = folder / "host";
  CHECK_FALSE(debian_node(host).has_value());
  std::ofstream(host) << "#!/bin/sh\necho usage\n";
  ::chmod(host.c_str(), 0755);
  const Result<Interpreter> node = debian_node(host);
  REQUIRE_FALSE(node.has_value());
  CHECK(node.error().message().find("told no version: usage") != std::string::npos);
}

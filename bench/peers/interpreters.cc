#include "bench/peers/interpreters.h"

#include <cstdlib>
#include <string_view>

#include "bench/peers/node.h"
#include "bench/program.h"

namespace fw::bench {

namespace {

constexpr std::string_view kPython = "/usr/bin/python3.11";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

Result<Interpreter> debian_node(const std::filesystem::path& host) {
  FW_TRY_ASSIGN(const Finished told, run({host, {"--version"}}));
  if (!parse_node_version(told.output)) {
    return fail(Errc::kInternal, host.string() + " --version told no version: " + told.output);
  }
  const std::string version = told.output.substr(1, told.output.find('\n') - 1);
  return Interpreter{"debian",
                     "Debian node " + version,
                     host,
                     {},
                     "Debian node " + version + " is fwrun-v8host run with a plain script"};
}

Result<Interpreter> newest_node_here() {
  FW_TRY_ASSIGN(const Node node, newest_node(find_nodes(variable("PATH"), variable("HOME"))));
  return Interpreter{"newest",
                     "node " + node.version,
                     node.program,
                     {},
                     "newest node found: " + node.program.filename().string() + " " + node.version};
}

Result<Interpreter> debian_python() {
  const std::filesystem::path program = kPython;
  FW_TRY_ASSIGN(const Finished told, run({program, {"--version"}}));
  const std::string version = told.output.substr(0, told.output.find('\n'));
  return Interpreter{"python",
                     "Debian " + version,
                     program,
                     {"-I", "-B"},
                     "cold Python: Debian " + version + ", " + program.filename().string() +
                         " -I -B; the function's file is compiled at each start, libraries have "
                         "their bytecode"};
}

}  // namespace fw::bench

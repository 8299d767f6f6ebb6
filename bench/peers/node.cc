#include "bench/peers/node.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "bench/program.h"

namespace fw::bench {

namespace fs = std::filesystem;

namespace {

// node, nodejs, node20, nodejs-18.2; not node-gyp.
bool is_node_name(std::string_view name) {
  if (!name.starts_with("node")) return false;
  name.remove_prefix(4);
  if (name.starts_with("js")) name.remove_prefix(2);
  return name.find_first_not_of("-.0123456789") == std::string_view::npos;
}

void add_nodes_in(const fs::path& folder, std::set<fs::path>& nodes) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!is_node_name(entry.path().filename().string())) continue;
    const fs::path program = fs::canonical(entry.path(), error);
    if (error || !fs::is_regular_file(program, error)) continue;
    if (::access(program.c_str(), X_OK) == 0) nodes.insert(program);
  }
}

// `parent`/*/`rest`
void add_nodes_of_children(const fs::path& parent, const fs::path& rest,
                           std::set<fs::path>& nodes) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    add_nodes_in(entry.path() / rest, nodes);
  }
}

}  // namespace

std::optional<std::array<unsigned, 3>> parse_node_version(std::string_view text) {
  if (!text.starts_with('v')) return std::nullopt;
  std::array<unsigned, 3> version{};
  const char* at = text.data() + 1;
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < version.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [after, error] = std::from_chars(at, end, version[i]);
    if (error != std::errc()) return std::nullopt;
    at = after;
  }
  return version;
}

std::vector<fs::path> find_nodes(std::string_view path, const fs::path& home) {
  std::set<fs::path> nodes;
  while (!path.empty()) {
    const std::string_view folder = path.substr(0, path.find(':'));
    if (!folder.empty()) add_nodes_in(folder, nodes);
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
  }
  for (const char* folder : {"/usr/bin", "/usr/local/bin", "/snap/bin", "/opt/bin"}) {
    add_nodes_in(folder, nodes);
  }
  add_nodes_of_children("/opt", "bin", nodes);
  add_nodes_of_children("/opt", "", nodes);
  add_nodes_of_children("/usr/local", "bin", nodes);
  add_nodes_of_children("/usr/local/n/versions/node", "bin", nodes);
  if (!home.empty()) {
    add_nodes_in(home / ".local/bin", nodes);
    add_nodes_of_children(home / ".nvm/versions/node", "bin", nodes);
    add_nodes_of_children(home / ".volta/tools/image/node", "bin", nodes);
    add_nodes_of_children(home / ".local/share/fnm/node-versions", "installation/bin", nodes);
    add_nodes_of_children(home / ".asdf/installs/nodejs", "bin", nodes);
  }
  return {nodes.begin(), nodes.end()};
}

Result<Node> newest_node(const std::vector<fs::path>& candidates) {
  std::array<unsigned, 3> newest{};
  Node node;
  for (const fs::path& program : candidates) {
    const Result<Finished> told = run({program, {"--version"}});
    if (!told) continue;
    const auto version = parse_node_version(told->output);
    if (!version || *version <= newest) continue;
    newest = *version;
    node.program = program;
    node.version = std::to_string(newest[0]) + "." + std::to_string(newest[1]) + "." +
                   std::to_string(newest[2]);
  }
  if (node.version.empty()) return fail(Errc::kNotFound, "no node was found on this machine");
  return node;
}

}  // namespace fw::bench

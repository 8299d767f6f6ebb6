#include "bench/peers/workerd.h"

#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/files.h"
#include "bench/peers/interpreters.h"

namespace fw::bench {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPackage = "node_modules/@cloudflare/workerd-linux-64";

constexpr std::string_view kBefore = "const exports = {};\n";
constexpr std::string_view kAfter = R"(
export default {
  async fetch(request) {
    return Response.json(await exports.handler(await request.json(), {}));
  },
};
)";

std::string configuration(std::uint16_t port) {
  return R"(using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:)" +
         std::to_string(port) + R"(", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2024-01-01"
);
)";
}

Result<Workerd> installed_in(const fs::path& folder) {
  Workerd workerd{folder / kPackage / "bin/workerd", {}};
  if (::access(workerd.program.c_str(), X_OK) != 0) {
    return fail(Errc::kNotFound, "no workerd in " + folder.string());
  }
  FW_TRY_ASSIGN(const std::string text, read_file(folder / kPackage / "package.json"));
  const nlohmann::json package = nlohmann::json::parse(text, nullptr, false);
  if (!package.is_object()) {
    return fail(Errc::kNotFound, "the workerd in " + folder.string() + " is damaged: remove it");
  }
  workerd.version = package.value("version", "of unknown version");
  return workerd;
}

Result<fs::path> find_npm() {
  std::vector<fs::path> folders{"/usr/bin", "/usr/local/bin"};
  if (const Result<Interpreter> node = newest_node_here()) {
    folders.push_back(node->program.parent_path());
  }
  for (const fs::path& folder : folders) {
    if (::access((folder / "npm").c_str(), X_OK) == 0) return folder / "npm";
  }
  return fail(Errc::kNotFound, "there is no npm on this machine to get workerd with");
}

// "npm error code ENOTFOUND" of many lines.
std::string first_lines(const std::string& message) {
  constexpr std::size_t kShown = 300;
  std::string text = message.substr(0, kShown);
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

fs::path peer_cache() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "fwrun-bench";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".cache/fwrun-bench";
  return fs::temp_directory_path() / "fwrun-bench";
}

Result<Workerd> find_workerd(const fs::path& folder, bool may_download) {
  Result<Workerd> there = installed_in(folder);
  if (there || !may_download) return there;
  FW_TRY_ASSIGN(const fs::path npm, find_npm());
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Error::from_errno("make " + folder.string(), error.value()));
  // Nothing of the package runs but what is measured, and nothing is asked twice of a
  // registry that does not answer. The user's variables say how to reach it.
  const Result<Finished> got =
      run({npm,
           {"install", "--prefix", folder.string(), "--ignore-scripts", "--no-audit", "--no-fund",
            "--fetch-retries=0", "--fetch-timeout=20000", "workerd"},
           environment_here()});
  if (!got) {
    return fail(Errc::kNotFound,
                "npm could not install workerd: " + first_lines(got.error().message()));
  }
  return installed_in(folder);
}

Result<Program> workerd_program(const Workerd& workerd, const Subject& subject, std::uint16_t port,
                                const fs::path& folder) {
  FW_TRY_ASSIGN(const std::string source, read_file(subject.manifest.entry));
  FW_TRY(write_file_atomically(folder / "worker.js",
                               std::string(kBefore) + source + std::string(kAfter)));
  FW_TRY(write_file_atomically(folder / "worker.capnp", configuration(port)));
  return Program{workerd.program, {"serve", (folder / "worker.capnp").string()}};
}

}  // namespace fw::bench

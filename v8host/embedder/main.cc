// fwrun-v8host: the JavaScript host.
//
//   fwrun-v8host --job FD --slot FD    installs a function (embed/job.h)
//   fwrun-v8host ...                   is node, so that user code may start
//                                      process.execPath as it may start node
#include <node.h>
#include <uv.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "v8host/embedder/bind_now.h"
#include "v8host/embedder/run_job.h"

namespace {

std::optional<int> descriptor(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--job" && std::string_view(argv[3]) == "--slot") {
    const std::optional<int> job = descriptor(argv[2]);
    const std::optional<int> slot = descriptor(argv[4]);
    if (job && slot) {
      fw::v8host::bind_all_symbols_now(argv);
      argv = uv_setup_args(argc, argv);
      return fw::v8host::run_job(argv[0], fw::UniqueFd(*job), fw::UniqueFd(*slot));
    }
  }
  return node::Start(argc, uv_setup_args(argc, argv));
}

// fwrun-v8host: the JavaScript host.
//
//   fwrun-v8host --job FD --slot FD    installs a function (embed/job.h)
//   fwrun-v8host ...                   is node, so that user code may start
//                                      process.execPath as it may start node
#include <node.h>
#include <uv.h>

#include <string_view>

#include "embed/bind_now.h"
#include "embed/host.h"
#include "v8host/embedder/run_job.h"

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--job" && std::string_view(argv[3]) == "--slot") {
    const int job = fw::embed::descriptor_argument(argv[2]);
    const int slot = fw::embed::descriptor_argument(argv[4]);
    if (job >= 0 && slot >= 0) {
      fw::embed::bind_all_symbols_now(argv);
      argv = uv_setup_args(argc, argv);
      return fw::v8host::run_job(argv[0], fw::UniqueFd(job), fw::UniqueFd(slot));
    }
  }
  return node::Start(argc, uv_setup_args(argc, argv));
}

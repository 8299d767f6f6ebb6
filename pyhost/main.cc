// fwrun-pyhost: the Python host.
//
//   fwrun-pyhost --job FD --slot FD    installs a function (embed/job.h)
//
// sys.executable is Debian's python3.11, whose library this is: a child that user
// code starts by it has the same modules.
#include <cstdio>
#include <string_view>

#include "embed/bind_now.h"
#include "embed/host.h"
#include "pyhost/run_job.h"

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--job" && std::string_view(argv[3]) == "--slot") {
    const int job = fw::embed::descriptor_argument(argv[2]);
    const int slot = fw::embed::descriptor_argument(argv[4]);
    if (job >= 0 && slot >= 0) {
      fw::embed::bind_all_symbols_now(argv);
      return fw::pyhost::run_job(fw::UniqueFd(job), fw::UniqueFd(slot));
    }
  }
  std::fputs("usage: fwrun-pyhost --job FD --slot FD (started by fwrun --install)\n", stderr);
  return 2;
}

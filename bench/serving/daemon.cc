#include "bench/serving/daemon.h"

namespace fw::bench {

Result<Service> start_daemon(const std::filesystem::path& fwrun, const store::Home& home,
                             const std::vector<std::string>& options) {
  FW_TRY_ASSIGN(const std::uint16_t port, free_port());
  Program program{fwrun,
                  {"--serve", "127.0.0.1:" + std::to_string(port)},
                  {"FWRUN_HOME=" + home.root().string()}};
  program.arguments.insert(program.arguments.end(), options.begin(), options.end());
  return Service::start("fwrun --serve", program, port);
}

}  // namespace fw::bench

#include "bench/functions/install.h"

#include "base/files.h"
#include "bench/embedded_files.h"
#include "bench/interrupt.h"
#include "store/install/install.h"

namespace fw::bench {

Result<store::Installed> install_function(const store::Home& home,
                                          const store::InstallRequest& request) {
  store::InstallResult installed = store::install(home, request, [](store::InstallPhase) {});
  if (installed) return std::move(*installed);
  const store::InstallFailure& failure = installed.error();
  std::string message = "install " + request.name + ": " + failure.error.message();
  if (!failure.host_output.empty()) message += "; it printed:\n" + failure.host_output;
  return fail({failure.error.code(), std::move(message), failure.error.sys_errno()});
}

Status install_embedded(const store::Home& home, std::string_view file,
                        const std::filesystem::path& folder, const std::string& name,
                        std::uint64_t timeout_ms) {
  FW_TRY(check_interrupt());
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Error::from_errno("make " + folder.string(), error.value()));
  store::InstallRequest request;
  request.source = folder / std::filesystem::path(file).filename();
  request.name = name;
  request.timeout_ms = timeout_ms;
  FW_TRY(write_file_atomically(request.source, embedded_file(file)));
  FW_TRY(install_function(home, request));
  return {};
}

}  // namespace fw::bench

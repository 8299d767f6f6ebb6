#include <nlohmann/json.hpp>

#include "fwrun/commands.h"
#include "fwrun/install_report.h"
#include "fwrun/output.h"
#include "snapshot/image/reader.h"
#include "store/catalog.h"
#include "store/sweep.h"

namespace fw::cli {

namespace {

struct Verification {
  std::uint64_t version = 0;
  image::Verified image;
};

Result<Verification> verify(const store::Home& home, const std::string& name) {
  FW_TRY_ASSIGN(const store::InstalledVersion version, store::open_current(home, name));
  // Through the descriptor: the very version whose manifest was read.
  Result<image::Verified> verified =
      image::verify_image("/proc/self/fd/" + std::to_string(version.image.get()));
  if (!verified) return fail(std::move(verified).error().context("function '" + name + "'"));
  return Verification{version.manifest.version, *verified};
}

}  // namespace

int run_verify(const store::Home& home, const Options& options) {
  (void)store::sweep(home);
  const Result<Verification> done = verify(home, options.subject);
  if (!done) return report_error(options.json, done.error());
  const image::Verified& image = done->image;
  if (options.json) {
    return print_result(to_line({{"verified", options.subject},
                                 {"version", done->version},
                                 {"image_bytes", image.image_bytes},
                                 {"page_bytes", image.page_bytes},
                                 {"files", image.files}}),
                        kOk);
  }
  return print_result(options.subject + ", version " + std::to_string(done->version) +
                          ": the image is whole (" + describe_bytes(image.page_bytes) +
                          " of pages compared with their checksums) and fits this machine (" +
                          std::to_string(image.files) + " mapped files unchanged)\n",
                      kOk);
}

}  // namespace fw::cli

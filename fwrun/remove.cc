#include <nlohmann/json.hpp>

#include "fwrun/cache.h"
#include "fwrun/commands.h"
#include "fwrun/output.h"
#include "store/publish.h"
#include "store/sweep.h"

namespace fw::cli {

int run_remove(const store::Home& home, const Options& options) {
  (void)store::sweep(home);
  if (const Status removed = store::remove_function(home, options.subject); !removed) {
    return report_error(options.json, removed.error());
  }
  forget_removed_images();
  return print_result(
      options.json ? to_line({{"removed", options.subject}}) : "removed " + options.subject + "\n",
      kOk);
}

}  // namespace fw::cli

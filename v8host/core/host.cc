#include "v8host/core/host.h"

#include <unistd.h>

#include <cstdio>

#include "embed/report.h"

namespace fw::v8host {

void finish_install(Host& host, args::Outcome outcome, std::string_view body) {
  args::Client& client = host.snapshot.client();
  client.clear();
  Status put = client.answer(outcome, body);
  if (!put && put.error().code() == Errc::kBadInput) {
    const embed::ErrorReport error{
        "Install.ReportTooLarge", put.error().message(), {}, {}, 0, 0, false};
    put = client.answer(args::Outcome::kError, embed::to_json_text(error));
  }
  if (!put) std::fprintf(stderr, "fwrun-v8host: %s\n", put.error().message().c_str());
  // Not exit(): destructors of a live JavaScript engine belong to nobody here,
  // and other threads may be in the middle of their work.
  ::_exit(put && outcome == args::Outcome::kResult ? 0 : 1);
}

}  // namespace fw::v8host

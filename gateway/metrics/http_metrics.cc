#include <string>

#include "gateway/metrics/families.h"
#include "gateway/metrics/sources.h"

namespace fw::gateway::metrics {

void add_http(Families& families, const http::Counters& counters) {
  const auto tell = [&](Family family, const std::atomic<std::uint64_t>& value) {
    family.add({}, static_cast<double>(value.load()));
    family.move_to(families);
  };
  tell(Family::gauge("fwrun_http_connections", "Connections that are open."), counters.open);
  tell(Family::counter("fwrun_http_connections_total", "Connections that were served."),
       counters.accepted);
  tell(Family::counter("fwrun_http_connections_refused_total",
                       "Connections beyond the limit, or of another user's to the Unix socket."),
       counters.refused);
  tell(Family::counter("fwrun_http_connections_timed_out_total",
                       "Connections closed because their client was too slow."),
       counters.timed_out);
  Family requests = Family::counter("fwrun_http_requests_total", "Answers by status.");
  for (std::size_t status = 0; status < counters.by_status.size(); ++status) {
    const std::uint64_t count = counters.by_status[status].load();
    if (count == 0) continue;
    requests.add({{"status", std::to_string(status)}}, static_cast<double>(count));
  }
  requests.move_to(families);
}

}  // namespace fw::gateway::metrics

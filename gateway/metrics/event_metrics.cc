#include "gateway/metrics/families.h"
#include "gateway/metrics/sources.h"

namespace fw::gateway::metrics {

void add_events(Families& families, const events::EventStats& stats) {
  const auto tell = [&](Family family, double value) {
    family.add({}, value);
    family.move_to(families);
  };
  const auto count = [&](const char* name, const char* help, std::uint64_t value) {
    tell(Family::counter(name, help), static_cast<double>(value));
  };
  const auto now = [&](const char* name, const char* help, std::uint64_t value) {
    tell(Family::gauge(name, help), static_cast<double>(value));
  };
  count("fwrun_events_submitted_total", "Events that were accepted.", stats.submitted);
  count("fwrun_events_duplicates_total", "Submissions with a key known already.", stats.duplicates);
  count("fwrun_events_rejected_total", "Submissions that were not accepted.", stats.rejected);
  count("fwrun_events_delivered_total", "Events that were delivered.", stats.delivered);
  count("fwrun_events_retried_total", "Attempts that failed and are made again.", stats.retried);
  count("fwrun_events_postponed_total", "Times that the pool was busy.", stats.postponed);
  count("fwrun_events_dead_total", "Events put on the dead-letter list.", stats.dead);
  count("fwrun_events_replayed_total", "Dead letters that were replayed.", stats.replayed);
  count("fwrun_events_discarded_total", "Dead letters that were discarded.", stats.discarded);
  now("fwrun_events_queued", "Events waiting or running.", stats.queued_now);
  now("fwrun_events_running", "Attempts under way.", stats.running_now);
  now("fwrun_events_dead", "Dead letters kept.", stats.dead_now);
  tell(Family::gauge("fwrun_events_oldest_age_seconds", "Age of the oldest event not delivered."),
       static_cast<double>(stats.oldest_age_ms) / 1000);
}

}  // namespace fw::gateway::metrics

#include "gateway/events/admin.h"

#include "base/clock.h"
#include "gateway/events/table.h"

namespace fw::gateway::events {

namespace {

// One transaction on the file.
template <typename Change>
Status change(const std::filesystem::path& file, Change of) {
  FW_TRY_ASSIGN(EventTable table, EventTable::open(file, false, true));
  FW_TRY(table.begin());
  Status changed = of(table);
  if (changed) changed = table.commit();
  if (!changed) table.roll_back();
  return changed;
}

}  // namespace

Result<std::vector<DeadLetter>> list_dead_letters(const std::filesystem::path& file,
                                                  std::string_view function, std::size_t limit) {
  Result<EventTable> table = EventTable::open(file, false, true);
  if (!table && table.error().code() == Errc::kNotFound) return std::vector<DeadLetter>();
  if (!table) return fail(std::move(table).error());
  return table->dead_letters(function, limit);
}

Status replay_dead_letter(const std::filesystem::path& file, std::string_view event_id) {
  return change(file, [&](EventTable& table) -> Status {
    FW_TRY_ASSIGN([[maybe_unused]] const std::string function,
                  table.replay(event_id, wall_clock_ms()));
    return {};
  });
}

Status discard_dead_letter(const std::filesystem::path& file, std::string_view event_id) {
  return change(file, [&](EventTable& table) { return table.discard(event_id); });
}

}  // namespace fw::gateway::events

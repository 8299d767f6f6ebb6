#include "gateway/events/lanes.h"

#include <algorithm>

#include "base/check.h"

namespace fw::gateway::events {

void Lanes::add(const std::string& function, std::uint64_t due_ms) {
  Lane& lane = lanes_[function];
  lane.due_ms = std::min(lane.due_ms, due_ms);
}

void Lanes::set_due(const std::string& function, std::uint64_t due_ms) {
  const auto lane = lanes_.try_emplace(function).first;
  lane->second.due_ms = due_ms;
  forget_if_empty(lane);
}

std::vector<Lanes::Turn> Lanes::turns(std::uint64_t now_ms) {
  std::vector<Turn> turns;
  if (running_ >= limits_.running) return turns;
  const auto take = [&](const Map::value_type& entry) {
    const auto& [function, lane] = entry;
    if (lane.due_ms > now_ms || lane.paused_until_ms > now_ms || !has_room(lane)) return;
    // One after a refusal: it finds out whether the pool has room again.
    const unsigned room = limits_.running_per_function - lane.running;
    turns.push_back({function, lane.pause_ms > 0 ? 1 : room});
  };
  const auto begin = lanes_.upper_bound(last_);
  std::for_each(begin, lanes_.end(), take);
  std::for_each(lanes_.begin(), begin, take);

  unsigned free = limits_.running - running_;
  if (turns.size() > free) turns.resize(free);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const auto lanes_left = static_cast<unsigned>(turns.size() - i);
    turns[i].claims = std::min(turns[i].claims, (free + lanes_left - 1) / lanes_left);
    free -= turns[i].claims;
  }
  if (!turns.empty()) last_ = turns.back().function;
  return turns;
}

void Lanes::started(const std::string& function, unsigned attempts) {
  lanes_[function].running += attempts;
  running_ += attempts;
}

void Lanes::left(const std::string& function) {
  Lane& lane = lanes_[function];
  FW_CHECK(lane.running > 0 && running_ > 0, "what ends has started");
  --lane.running;
  --running_;
}

void Lanes::ended(const std::string& function) {
  left(function);
  const auto lane = lanes_.find(function);
  lane->second.pause_ms = 0;
  lane->second.paused_until_ms = 0;
  forget_if_empty(lane);
}

void Lanes::refused(const std::string& function, std::uint64_t now_ms) {
  left(function);
  Lane& lane = lanes_[function];
  // Those refused together count once.
  if (lane.paused_until_ms > now_ms) return;
  lane.pause_ms = std::clamp(lane.pause_ms * 2, limits_.pause_ms, limits_.max_pause_ms);
  lane.paused_until_ms = now_ms + lane.pause_ms;
}

std::uint64_t Lanes::next_ms() const {
  std::uint64_t next = INT64_MAX;
  for (const auto& [function, lane] : lanes_) {
    if (lane.due_ms == INT64_MAX || !has_room(lane)) continue;
    next = std::min(next, std::max(lane.due_ms, lane.paused_until_ms));
  }
  return next;
}

void Lanes::forget_if_empty(Map::iterator lane) {
  if (lane->second.due_ms == INT64_MAX && lane->second.running == 0) lanes_.erase(lane);
}

}  // namespace fw::gateway::events

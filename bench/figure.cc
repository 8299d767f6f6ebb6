#include "bench/figure.h"

#include <algorithm>
#include <utility>

namespace fw::bench {

void Figures::add(std::string name, std::string what, std::string unit,
                  std::vector<double> samples) {
  if (samples.empty()) return;
  const Summary summary = summarise(std::move(samples));
  add({std::move(name), std::move(what), std::move(unit), summary.p50, summary, {}});
}

void Figures::add(std::string name, std::string what, std::string unit, double value) {
  add({std::move(name), std::move(what), std::move(unit), value, {1, value, value}, {}});
}

void Figures::add(Figure figure) {
  const auto same = std::find_if(figures_.begin(), figures_.end(),
                                 [&](const Figure& other) { return other.name == figure.name; });
  if (same == figures_.end()) {
    figures_.push_back(std::move(figure));
  } else {
    *same = std::move(figure);
  }
}

const Figure* Figures::find(std::string_view name) const {
  const auto found = std::find_if(figures_.begin(), figures_.end(),
                                  [&](const Figure& figure) { return figure.name == name; });
  return found == figures_.end() ? nullptr : &*found;
}

const Figure* Figures::lowest(std::string_view name) const {
  const Figure* lowest = find(name);
  if (lowest != nullptr) return lowest;
  for (const Figure& figure : figures_) {
    const bool within = figure.name.starts_with(name) && figure.name[name.size()] == '.';
    if (within && (lowest == nullptr || figure.value < lowest->value)) lowest = &figure;
  }
  return lowest;
}

}  // namespace fw::bench

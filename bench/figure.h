// Figure: one thing that was measured, under a name that no other figure has.
//
// Names are made of parts with dots: "nop.store.restore" is the restore of the
// function nop from the store. They are the keys of the results file, so a name
// never changes its meaning.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/statistics.h"

namespace fw::bench {

struct Figure {
  std::string name;
  std::string what;   // for people: "restore from the store, NOP"
  std::string unit;   // "us", "bytes", "" for plain numbers
  double value = 0;   // what to quote: the median, or the one measurement
  Summary summary{};  // of one measurement: count 1, and that
  std::string suite;  // who measured it; empty until it is in a results file
};

// In the order of adding.
class Figures {
 public:
  // The median of the samples. Nothing is added when there are none: what could
  // not be measured has no figure.
  void add(std::string name, std::string what, std::string unit, std::vector<double> samples);
  // One measurement, or a count.
  void add(std::string name, std::string what, std::string unit, double value);
  // Takes the place of a figure of the same name.
  void add(Figure figure);

  const Figure* find(std::string_view name) const;  // null when there is none
  // The figure of that name; if there is none, the lowest of those whose names go
  // on with a dot: of "a.cold.one_cpu" and "a.cold.all_cpus" for "a.cold".
  const Figure* lowest(std::string_view name) const;
  const std::vector<Figure>& all() const { return figures_; }

 private:
  std::vector<Figure> figures_;
};

}  // namespace fw::bench

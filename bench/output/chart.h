// A chart of durations: horizontal bars on a logarithmic scale, as SVG that can be
// read on light and on dark pages.
#pragma once

#include <string>
#include <vector>

#include "bench/report.h"

namespace fw::bench {

enum class BarKind { kFloor, kOurs, kPeer };

struct Bar {
  std::string label;
  double microseconds = 0;
  BarKind kind = BarKind::kOurs;
};

// Bars from top to bottom; those of no length are left out.
struct BarGroup {
  std::string heading;  // empty: none
  std::vector<Bar> bars;
};

struct Chart {
  std::string title;
  std::string subtitle;
  std::vector<BarGroup> groups;  // on one scale; without bars it is left out
};

// A whole SVG document. Any text may be in a label.
std::string draw(const Chart& chart);

// What the restore suite shows: the floor, then for each of three examples its forms
// and its peers.
Chart restore_chart(const Report& report);

// What the suite of serving shows: of each example a clone that is asked again, with and
// without a reset, and a fork boot.
Chart serving_chart(const Report& report);

}  // namespace fw::bench

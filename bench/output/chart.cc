#include "bench/output/chart.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/output/svg.h"
#include "bench/text.h"

namespace fw::bench {

namespace {

// Pixels.
constexpr double kWidth = 860;
constexpr double kLabelEnd = 300;  // labels end here, bars begin behind it
constexpr double kBarStart = 312;
constexpr double kBarEnd = 780;  // of the longest bar; its value comes after
constexpr double kFirstBar = 84;
constexpr double kPitch = 34;  // from bar to bar
constexpr double kBarHeight = 20;
constexpr double kBelow = 44;  // for the axis

// Its own background, so that it can be read on any page; darker where the reader
// prefers dark.
constexpr std::string_view kStyle = R"(
text { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #24292f; }
.page { fill: #ffffff; stroke: #d0d7de; }
.title { font-size: 17px; font-weight: 600; }
.subtitle, .axis { font-size: 12px; fill: #57606a; }
.label { font-size: 13px; }
.value { font-size: 13px; font-weight: 600; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
.grid { stroke: #d8dee4; stroke-width: 1; }
.floor { fill: #8c959f; }
.ours { fill: #1a7f64; }
.peer { fill: #c4632b; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .value { stroke: #0d1117; }
  .page { fill: #0d1117; stroke: #30363d; }
  .subtitle, .axis { fill: #9da7b3; }
  .grid { stroke: #262c36; }
  .floor { fill: #7d8590; }
  .ours { fill: #2ea583; }
  .peer { fill: #db7b45; }
}
)";

const char* class_of(BarKind kind) {
  switch (kind) {
    case BarKind::kFloor:
      return "floor";
    case BarKind::kPeer:
      return "peer";
    case BarKind::kOurs:
      break;
  }
  return "ours";
}

// From durations to places along a bar: whole powers of ten at both ends.
class LogScale {
 public:
  explicit LogScale(const std::vector<Bar>& bars) {
    double least = 1e12;
    double most = 0;
    for (const Bar& bar : bars) {
      least = std::min(least, bar.microseconds);
      most = std::max(most, bar.microseconds);
    }
    first_ = static_cast<int>(std::floor(std::log10(least)));
    last_ = std::max(static_cast<int>(std::ceil(std::log10(most))), first_ + 1);
  }
  double place(double microseconds) const {
    return kBarStart +
           (kBarEnd - kBarStart) * (std::log10(microseconds) - first_) / (last_ - first_);
  }
  int first() const { return first_; }
  int last() const { return last_; }

 private:
  int first_;  // powers of ten, of microseconds
  int last_;
};

void add_bar(const Report& report, std::string_view figure, std::string label, BarKind kind,
             std::vector<Bar>& bars) {
  if (const Figure* found = report.figures.lowest(figure)) {
    bars.push_back({std::move(label), found->value, kind});
  }
}

// "Debian node 18.20.4" of "cold process to answer, Debian node 18.20.4 on one CPU, NOP".
std::string peer_label(const Report& report, std::string_view figure) {
  const Figure* found = report.figures.lowest(figure);
  if (found == nullptr) return {};
  std::string peer = found->what;
  if (const std::size_t comma = peer.find(", "); comma != std::string::npos) {
    peer.erase(0, comma + 2);
  }
  return "new process, " + peer.substr(0, peer.find(" on "));
}

}  // namespace

std::string draw(const Chart& chart) {
  std::vector<Bar> bars;
  for (const Bar& bar : chart.bars) {
    if (bar.microseconds > 0) bars.push_back(bar);
  }
  const double axis = kFirstBar + kPitch * static_cast<double>(bars.size());
  const double height = axis + kBelow;
  Svg svg(kWidth, height, chart.title, kStyle);
  svg.rectangle(0.5, 0.5, kWidth - 1, height - 1, 8, "page");
  svg.text(24, 34, Svg::Anchor::kStart, "title", chart.title);
  svg.text(24, 56, Svg::Anchor::kStart, "subtitle", chart.subtitle);
  if (bars.empty()) return std::move(svg).finish();

  const LogScale scale(bars);
  for (int power = scale.first(); power <= scale.last(); ++power) {
    const double x = scale.place(std::pow(10, power));
    svg.vertical_line(x, kFirstBar - 8, axis, "grid");
    svg.text(x, axis + 20, Svg::Anchor::kMiddle, "axis", duration_text(std::pow(10, power), true));
  }
  double y = kFirstBar;
  for (const Bar& bar : bars) {
    const double end = std::max(scale.place(bar.microseconds), kBarStart + 2);
    const double baseline = y + kBarHeight / 2 + 5;
    svg.text(kLabelEnd, baseline, Svg::Anchor::kEnd, "label", bar.label);
    svg.rectangle(kBarStart, y, end - kBarStart, kBarHeight, 3, class_of(bar.kind));
    svg.text(end + 8, baseline, Svg::Anchor::kStart, "value",
             duration_text(bar.microseconds, true));
    y += kPitch;
  }
  return std::move(svg).finish();
}

Chart restore_chart(const Report& report) {
  Chart chart;
  chart.title = "From a request to its answer: the JavaScript function examples/nop";
  chart.subtitle = "median, logarithmic scale; " + report.machine.cpu +
                   (report.machine.is_virtual ? ", virtual machine" : "");
  if (report.quick) chart.subtitle += "; a quick run with few samples";
  add_bar(report, "floor.fork", "fork + exit of a tiny static process", BarKind::kFloor,
          chart.bars);
  add_bar(report, "nop.cache.restore", "fwrun, restored with the cache", BarKind::kOurs,
          chart.bars);
  add_bar(report, "nop.store.restore", "fwrun, restored from the store", BarKind::kOurs,
          chart.bars);
  add_bar(report, "nop.command", "the whole command fwrun --invoke", BarKind::kOurs, chart.bars);
  for (const char* peer : {"nop.cold.newest", "nop.cold.debian"}) {
    add_bar(report, peer, peer_label(report, peer), BarKind::kPeer, chart.bars);
  }
  return chart;
}

}  // namespace fw::bench

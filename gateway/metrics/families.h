// Building what prometheus-cpp serializes. Its registry is not used: the numbers are
// counted elsewhere, and copied when somebody asks.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "pool/stats.h"

namespace fw::gateway::metrics {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// One name, its help and type, and a value for each set of labels.
class Family {
 public:
  static Family counter(std::string name, std::string help);
  static Family gauge(std::string name, std::string help);
  static Family histogram(std::string name, std::string help);

  void add(Labels labels, double value);
  void add(Labels labels, const pool::Histogram& histogram);  // in seconds

  // A family without values is left out of what is told.
  void move_to(std::vector<prometheus::MetricFamily>& families);

 private:
  Family(std::string name, std::string help, prometheus::MetricType type);

  prometheus::MetricFamily family_;
};

}  // namespace fw::gateway::metrics

#include "gateway/metrics/families.h"

#include <utility>

namespace fw::gateway::metrics {

using prometheus::ClientMetric;
using prometheus::MetricType;

Family::Family(std::string name, std::string help, MetricType type) {
  family_.name = std::move(name);
  family_.help = std::move(help);
  family_.type = type;
}

Family Family::counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Counter};
}
Family Family::gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Gauge};
}
Family Family::histogram(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Histogram};
}

void Family::add(Labels labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  if (family_.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family_.metric.push_back(std::move(metric));
}

void Family::add(Labels labels, const pool::Histogram& histogram) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.histogram.sample_count = histogram.count;
  metric.histogram.sample_sum = histogram.sum_us / 1e6;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < pool::kBucketsUs.size(); ++i) {
    cumulative += histogram.counts[i];
    metric.histogram.bucket.push_back({cumulative, pool::kBucketsUs[i] / 1e6});
  }
  family_.metric.push_back(std::move(metric));
}

void Family::move_to(std::vector<prometheus::MetricFamily>& families) {
  if (!family_.metric.empty()) families.push_back(std::move(family_));
}

}  // namespace fw::gateway::metrics

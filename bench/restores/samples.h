// The times of many restores of one target.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/figure.h"
#include "store/invoke.h"

namespace fw::bench {

class RestoreSamples {
 public:
  void add(const store::Invoked& invoked);

  // `key`.restore, .first_call, .minor_faults, .major_faults and .phase.NAME;
  // `what` ends their descriptions: "NOP, from the store".
  void report(const std::string& key, const std::string& what, Figures& figures) const;

 private:
  std::vector<double> total_us_;
  std::vector<double> first_call_us_;
  std::vector<double> minor_faults_;
  std::vector<double> major_faults_;
  std::vector<std::string> phase_order_;
  std::map<std::string, std::vector<double>> phases_us_;
};

}  // namespace fw::bench

// Report: what one run of a suite of measurements found, and the results file
// that keeps the latest of every suite.
//
// The file is one JSON object:
//   format   1
//   suites   name -> {machine, date, commit, quick, notes: [...], unavailable: {...}}
//   figures  [{name, what, unit, value, count, p50, p99, suite}]
//   bounds   [{name, what, unit, value, bound, comparison, pass, note?, suite}]
//   machine, date, commit   of the run that wrote last
// A run replaces the figures and bounds of its own suite and leaves the others,
// including fields that it does not know. `value` and `pass` are null for a bound
// that could not be judged; `note` says why.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/bounds.h"
#include "bench/figure.h"
#include "bench/machine.h"

namespace fw::bench {

inline constexpr int kResultsFormat = 1;

struct Report {
  std::string suite;
  std::string date;    // UTC, "2024-05-17T09:30:00Z"
  std::string commit;  // of the source; empty: not known
  bool quick = false;  // too few samples to quote
  Machine machine{};
  std::vector<std::string> notes;  // how it was measured, in sentences
  Unavailable unavailable;
  Figures figures;
  std::vector<Bound> bounds;
};

// An empty one, of now and this machine. `store`: a folder on the file system measured.
Report begin_report(std::string suite, bool quick, const std::filesystem::path& store);

// `existing` with what `report` found put in. kBadInput when a figure or bound has
// the name of another suite's: names are unique in the file.
Result<nlohmann::ordered_json> merge(nlohmann::ordered_json existing, const Report& report);

// One suite of a results file. kNotFound when the file has no such suite;
// kBadInput when it is damaged.
Result<Report> report_from_json(const nlohmann::ordered_json& results, const std::string& suite);

// An empty object when there is no such file. kBadInput when the file is no
// results file, or of a newer format: it is not overwritten then.
Result<nlohmann::ordered_json> read_results(const std::filesystem::path& path);

Status write_results(const std::filesystem::path& path, const nlohmann::ordered_json& results);

}  // namespace fw::bench

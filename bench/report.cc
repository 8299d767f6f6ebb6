#include "bench/report.h"

#include <cmath>
#include <ctime>
#include <utility>

#include "base/clock.h"
#include "base/files.h"

namespace fw::bench {

namespace {

using Json = nlohmann::ordered_json;

std::string now_in_utc() {
  const auto now = static_cast<std::time_t>(wall_clock_ms() / 1000);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// Microseconds to the nanosecond; more digits are noise.
double rounded(double value) { return std::round(value * 1000) / 1000; }

Json to_json(const Figure& figure, const std::string& suite) {
  return {{"name", figure.name},
          {"what", figure.what},
          {"unit", figure.unit},
          {"value", rounded(figure.value)},
          {"count", figure.summary.count},
          {"p50", rounded(figure.summary.p50)},
          {"p99", rounded(figure.summary.p99)},
          {"suite", suite}};
}

Json to_json(const Bound& bound, const std::string& suite) {
  Json object = {{"name", bound.name},
                 {"what", bound.what},
                 {"unit", bound.unit},
                 {"value", nullptr},
                 {"bound", bound.bound},
                 {"comparison", bound.comparison == Comparison::kAtMost ? "at most" : "at least"},
                 {"pass", nullptr},
                 {"suite", suite}};
  if (bound.value) object["value"] = rounded(*bound.value);
  if (const std::optional<bool> pass = bound.pass()) object["pass"] = *pass;
  if (!bound.note.empty()) object["note"] = bound.note;
  return object;
}

Figure figure_from_json(const Json& object) {
  return {object.at("name"),
          object.at("what"),
          object.at("unit"),
          object.at("value"),
          {object.at("count"), object.at("p50"), object.at("p99")},
          object.at("suite")};
}

Bound bound_from_json(const Json& object) {
  Bound bound;
  bound.name = object.at("name");
  bound.what = object.at("what");
  bound.unit = object.at("unit");
  if (object.at("value").is_number()) bound.value = object.at("value").get<double>();
  bound.bound = object.at("bound");
  bound.comparison =
      object.at("comparison") == "at most" ? Comparison::kAtMost : Comparison::kAtLeast;
  bound.note = object.value("note", std::string());
  bound.suite = object.at("suite");
  return bound;
}

// Of whatever somebody may have put there.
std::string text_field(const Json& object, const char* name) {
  const auto field = object.find(name);
  return field != object.end() && field->is_string() ? field->get<std::string>() : std::string();
}

// `list` without what the suite had put there, and with `items`.
template <typename Item>
Status replace_items(Json& list, const std::vector<Item>& items, const std::string& suite) {
  Json kept = Json::array();
  for (const Json& item : list) {
    if (text_field(item, "suite") != suite) kept.push_back(item);
  }
  for (const Item& item : items) {
    for (const Json& other : kept) {
      if (text_field(other, "name") == item.name && text_field(other, "suite") != suite) {
        return fail(Errc::kBadInput, "the results already have a '" + item.name +
                                         "' of the suite '" + text_field(other, "suite") +
                                         "': names are unique, choose another");
      }
    }
    kept.push_back(to_json(item, suite));
  }
  list = std::move(kept);
  return {};
}

bool is_object_or_missing(const Json& results, const char* name) {
  const auto field = results.find(name);
  return field == results.end() || field->is_object();
}

bool is_list_of_objects(const Json& results, const char* name) {
  const auto list = results.find(name);
  if (list == results.end()) return true;
  if (!list->is_array()) return false;
  for (const Json& item : *list) {
    if (!item.is_object()) return false;
  }
  return true;
}

Report read_report(const Json& results, const std::string& suite) {
  const Json& of_suite = results.at("suites").at(suite);
  Report report;
  report.suite = suite;
  report.date = of_suite.value("date", std::string());
  report.commit = of_suite.value("commit", std::string());
  report.quick = of_suite.value("quick", false);
  report.machine = machine_from_json(of_suite.at("machine"));
  report.notes = of_suite.value("notes", std::vector<std::string>());
  report.unavailable = of_suite.value("unavailable", Unavailable());
  for (const Json& figure : results.at("figures")) {
    if (text_field(figure, "suite") == suite) report.figures.add(figure_from_json(figure));
  }
  for (const Json& bound : results.at("bounds")) {
    if (text_field(bound, "suite") == suite) {
      report.bounds.push_back(bound_from_json(bound));
    }
  }
  return report;
}

}  // namespace

Report begin_report(std::string suite, bool quick, const std::filesystem::path& store) {
  Report report;
  report.suite = std::move(suite);
  report.date = now_in_utc();
  report.quick = quick;
  report.machine = this_machine(store);
  return report;
}

Result<Json> merge(Json existing, const Report& report) {
  Json results = existing.is_object() ? std::move(existing) : Json::object();
  results["format"] = kResultsFormat;
  Json of_suite = {{"machine", to_json(report.machine)},
                   {"date", report.date},
                   {"quick", report.quick},
                   {"notes", report.notes},
                   {"unavailable", report.unavailable}};
  if (!report.commit.empty()) of_suite["commit"] = report.commit;
  results["machine"] = of_suite["machine"];
  results["date"] = report.date;
  results.erase("commit");
  if (!report.commit.empty()) results["commit"] = report.commit;
  results["suites"][report.suite] = std::move(of_suite);
  FW_TRY(replace_items(results["figures"], report.figures.all(), report.suite));
  FW_TRY(replace_items(results["bounds"], report.bounds, report.suite));
  return results;
}

Result<Report> report_from_json(const Json& results, const std::string& suite) {
  const auto suites = results.find("suites");
  if (suites == results.end() || !suites->contains(suite)) {
    return fail(Errc::kNotFound,
                "the results hold nothing of the suite '" + suite + "': run the benchmark first");
  }
  try {
    return read_report(results, suite);
  } catch (const Json::exception& error) {
    return fail(Errc::kBadInput, std::string("the results are damaged: ") + error.what());
  }
}

Result<Json> read_results(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::object();
  FW_TRY_ASSIGN(const std::string text, read_file(path));
  Json results = Json::parse(text, nullptr, false);
  if (results.is_discarded() || !results.is_object() || !is_object_or_missing(results, "suites") ||
      !is_list_of_objects(results, "figures") || !is_list_of_objects(results, "bounds")) {
    return fail(Errc::kBadInput,
                path.string() + " is no file of results: name another, or move it away");
  }
  const Json format = results.value("format", Json(kResultsFormat));
  if (!format.is_number_integer() || format.get<int>() > kResultsFormat) {
    return fail(Errc::kBadInput, path.string() + " has the format " + format.dump() +
                                     ", and this program knows up to " +
                                     std::to_string(kResultsFormat) + ": name another file");
  }
  return results;
}

Status write_results(const std::filesystem::path& path, const Json& results) {
  return write_file_atomically(path, results.dump(2) + "\n");
}

}  // namespace fw::bench

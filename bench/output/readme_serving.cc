// The README's part of serving and of the soak.
#include <array>
#include <string>
#include <string_view>

#include "bench/output/markdown.h"
#include "bench/output/readme.h"
#include "bench/text.h"

namespace fw::bench {

namespace {

struct Item {
  std::string_view label;
  std::string_view key;
};
constexpr std::array<Item, 5> kFunctions{{{"`nop`", "nop"},
                                          {"`cpu`", "cpu"},
                                          {"`nop_python`", "nop_python"},
                                          {"`words`", "words"},
                                          {"`montecarlo`", "montecarlo"}}};
constexpr std::array<Item, 7> kOfFunctions{
    {{"call of a waiting process, not reset", ".parked.call"},
     {"the same, reset to its image after each call", ".reset.call"},
     {"forked from its template, request to answer", ".fork.boot"},
     {"the handler alone, in a process not reset", ".parked.handler"},
     {"the handler alone, after a reset", ".reset.handler"},
     {"pages that a reset brings back", ".reset.pages"},
     {"of resets: from the pages known from the last", ".reset.fast"}}};
constexpr std::array<Item, 5> kServers{
    {{"`nop`, reset after every request", "http.nop"},
     {"plain node, no isolation", "http.node"},
     {"workerd", "http.workerd"},
     {"`nop_python`, reset after every request", "http.nop_python"},
     {"`montecarlo`, reset after every request", "http.montecarlo"}}};
constexpr std::array<Item, 6> kCrowds{
    {{"background of 72 calls a second, each waiting 5 ms, before the bursts", "background.before"},
     {"the same, during them", "background.during"},
     {"each of 128 simultaneous calls to a function never called before", "bursts.answer"},
     {"the last of them", "bursts.last_answer"},
     {"each of 1,000 simultaneous calls, likewise", "crowd.answer"},
     {"the last of them", "crowd.last_answer"}}};

const Figure* find(const Report& report, std::string_view key, std::string_view figure) {
  return report.figures.find(std::string(key) + std::string(figure));
}

std::string function_table(const Report& report) {
  std::string text = "| on one CPU, median (p99) |";
  std::string rule = "|---|";
  for (const Item& function : kFunctions) {
    text += " " + std::string(function.label) + " |";
    rule += "---:|";
  }
  text += "\n" + rule + "\n";
  for (const Item& row : kOfFunctions) {
    text += "| " + std::string(row.label) + " |";
    for (const Item& function : kFunctions) {
      text += " " + cell(find(report, function.key, row.key)) + " |";
    }
    text += "\n";
  }
  return text + "\n";
}

std::string server_table(const Report& report) {
  std::string rows;
  for (const Item& server : kServers) {
    const Figure* per_second = find(report, server.key, ".per_second");
    if (per_second == nullptr) continue;
    const Figure* p50 = find(report, server.key, ".p50");
    const Figure* p99 = find(report, server.key, ".p99");
    rows += "| " + std::string(server.label) + " | " +
            grouped(static_cast<std::size_t>(per_second->value)) + " | " +
            (p50 == nullptr ? "-" : value_text(p50->value, p50->unit, true)) + " | " +
            (p99 == nullptr ? "-" : value_text(p99->value, p99->unit, true)) + " |\n";
  }
  if (rows.empty()) return {};
  return "| HTTP, 16 connections | requests in a second | median | p99 |\n|---|---:|---:|---:|\n" +
         rows + "\n";
}

std::string crowd_table(const Report& report) {
  std::string rows;
  for (const Item& row : kCrowds) {
    if (const Figure* figure = report.figures.find(row.key)) {
      rows += "| " + std::string(row.label) + " | " + cell(figure) + " |\n";
    }
  }
  if (rows.empty()) return {};
  return "| many at once, over HTTP | median (p99) |\n|---|---:|\n" + rows + "\n";
}

}  // namespace

std::string readme_serving(const Report& report) {
  std::string text = "**Serving**, `fwrun --serve`. ";
  if (const Figure* handoff = report.figures.find("serving.floor.handoff")) {
    text +=
        "There and back between two processes on one CPU by futex, the floor: " + cell(handoff) +
        ". ";
  }
  if (const Figure* fork = report.figures.find("serving.floor.fork")) {
    text += "Fork, exit and wait: " + cell(fork) + ". ";
  }
  if (report.quick) text += "**A quick run, with too few samples to quote.** ";
  text.back() = '\n';
  text += "\n" + function_table(report) + server_table(report) + crowd_table(report);
  for (const std::string& note : report.notes) {
    if (note.starts_with("HTTP")) text += "- " + note + "\n";
  }
  return text + "\n" + bound_table(report);
}

std::string readme_soak(const Report& report) {
  std::string text = "**Soak**, " + report.date.substr(0, 10);
  const auto add = [&](const char* figure, const char* what) {
    if (const Figure* found = report.figures.find(figure)) {
      text += "; " + grouped(static_cast<std::size_t>(found->value)) + what;
    }
  };
  add("soak.invocations", " invocations of five functions in both languages");
  add("soak.per_second", " a second");
  add("soak.killed", " of their processes killed at random meanwhile");
  add("soak.failed_by_kill", " invocations that failed by it, as they should");
  return text + ".\n\n" + bound_table(report);
}

}  // namespace fw::bench

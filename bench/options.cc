#include "bench/options.h"

#include <charconv>

#define CXXOPTS_NO_REGEX
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

namespace fw::bench {

const char* const kHelp =
    R"(fwrun-bench: measures how long functions take to start, beside other ways.

  fwrun-bench [--quick] [--results FILE] [--folder DIR] [--function NAME]...
      measures, and prints a table. Without --function: the examples, installed
      for the occasion and removed again, restored from their files and served by
      a daemon; with it: functions that are installed, restored from their files
      --only SUITE     of the examples only this: restore, or serving
      --burst-seconds N  how long bursts of calls are served; two minutes otherwise
      --results FILE   puts the figures into this file, beside those of others,
                       and a chart of them into the same name with .svg.
                       Otherwise, for a full run of the examples, into
                       bench/results/latest.json, if that folder is here
      --quick          few samples: to see that everything works
      --folder DIR     where to work: its file system is measured. Otherwise
                       beside the folder of this program
      --json           prints the figures as JSON instead of the table

  fwrun-bench --soak [--invocations N] [--results FILE] [--folder DIR]
      a million invocations (or N) of five functions that fail in every way, while
      their processes are killed at random: every answer is checked, and nothing
      may be left behind. With --quick 3,000

  fwrun-bench --readme FILE [--results FILE]
      measures nothing: puts the tables of the results file (otherwise
      bench/results/latest.json) into FILE, between <!-- bench:begin --> and
      <!-- bench:end -->, and draws its chart again

Nothing else should run meanwhile. bench/README.md says what is measured how.

Exit codes: 0 all bounds hold; 1 one is missed; 2 bad usage; 4 no such function;
70 the system or fwrun itself failed.
)";

namespace {

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

template <typename Number>
Status read_number(const cxxopts::ParseResult& parsed, const char* name, std::uint64_t most,
                   Number& into) {
  if (parsed.count(name) == 0) return {};
  const std::string text = parsed[name].as<std::string>();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > most) {
    return bad(std::string("--") + name + " " + text + ": expected a whole number from 1 to " +
               std::to_string(most));
  }
  into = number;
  return {};
}

Status check(const Options& options) {
  const bool of_examples = !options.soak && options.functions.empty();
  if (!options.only.empty() && options.only != "restore" && options.only != "serving") {
    return bad("--only " + options.only + ": expected restore or serving");
  }
  if (!options.readme.empty() &&
      (options.quick || options.json || options.soak || !options.functions.empty() ||
       !options.folder.empty() || !options.only.empty() || options.burst_seconds != 0)) {
    return bad("--readme measures nothing: it goes with --results only");
  }
  if (options.soak && !options.functions.empty()) {
    return bad("--soak has functions of its own: it does not go with --function");
  }
  if (options.invocations != 0 && !options.soak) return bad("--invocations goes with --soak only");
  if (!of_examples && (!options.only.empty() || options.burst_seconds != 0)) {
    return bad("--only and --burst-seconds are for the examples");
  }
  if (options.only == "restore" && options.burst_seconds != 0) {
    return bad("--burst-seconds is for the suite serving");
  }
  return {};
}

Result<Options> read(const cxxopts::ParseResult& parsed) {
  if (!parsed.unmatched().empty()) {
    return bad("'" + parsed.unmatched().front() + "' is no option: fwrun-bench --help shows them");
  }
  Options options;
  options.help = parsed.count("help") > 0;
  options.quick = parsed.count("quick") > 0;
  options.json = parsed.count("json") > 0;
  options.soak = parsed.count("soak") > 0;
  for (const auto& [name, path] :
       {std::pair{"results", &options.results}, std::pair{"readme", &options.readme},
        std::pair{"folder", &options.folder}}) {
    if (parsed.count(name) == 0) continue;
    *path = parsed[name].as<std::string>();
    if (path->empty()) return bad(std::string("--") + name + " is empty");
  }
  if (parsed.count("function") > 0) {
    options.functions = parsed["function"].as<std::vector<std::string>>();
  }
  FW_TRY(read_number(parsed, "invocations", 10'000'000, options.invocations));
  FW_TRY(read_number(parsed, "burst-seconds", 3600, options.burst_seconds));
  if (parsed.count("only") > 0) options.only = parsed["only"].as<std::string>();
  FW_TRY(check(options));
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  cxxopts::Options grammar("fwrun-bench");
  auto add = grammar.add_options();
  for (const char* name : {"help", "quick", "json", "soak"}) add(name, "");
  for (const char* name : {"results", "readme", "folder", "only", "invocations", "burst-seconds"}) {
    add(name, "", cxxopts::value<std::string>());
  }
  add("function", "", cxxopts::value<std::vector<std::string>>());
  try {
    return read(grammar.parse(argc, argv));
  } catch (const cxxopts::exceptions::exception& error) {
    return bad(std::string(error.what()) + "; fwrun-bench --help shows the options");
  }
}

}  // namespace fw::bench

#include "bench/options.h"

#define CXXOPTS_NO_REGEX
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

namespace fw::bench {

const char* const kHelp =
    R"(fwrun-bench: measures how long functions take to start, beside other ways.

  fwrun-bench [--quick] [--results FILE] [--folder DIR] [--function NAME]...
      measures, and prints a table. Without --function: the examples, installed
      for the occasion and removed again; with it: functions that are installed
      --results FILE   puts the figures into this file, beside those of others,
                       and a chart of them into the same name with .svg.
                       Otherwise, for a full run of the examples, into
                       bench/results/latest.json, if that folder is here
      --quick          few samples: to see that everything works
      --folder DIR     where to work: its file system is measured. Otherwise
                       beside the folder of this program
      --json           prints the figures as JSON instead of the table

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

Result<Options> read(const cxxopts::ParseResult& parsed) {
  if (!parsed.unmatched().empty()) {
    return bad("'" + parsed.unmatched().front() + "' is no option: fwrun-bench --help shows them");
  }
  Options options;
  options.help = parsed.count("help") > 0;
  options.quick = parsed.count("quick") > 0;
  options.json = parsed.count("json") > 0;
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
  if (!options.readme.empty() &&
      (options.quick || options.json || !options.functions.empty() || !options.folder.empty())) {
    return bad("--readme measures nothing: it goes with --results only");
  }
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  cxxopts::Options grammar("fwrun-bench");
  auto add = grammar.add_options();
  for (const char* name : {"help", "quick", "json"}) add(name, "");
  for (const char* name : {"results", "readme", "folder"}) {
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

#include "fwrun/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

// Without std::regex, whose construction alone takes longer than a restore; and
// with values of --env whole, commas and all.
#define CXXOPTS_NO_REGEX
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

namespace fw::cli {

namespace {

struct CommandOption {
  Command command;
  const char* name;
  bool has_subject;
};
constexpr std::array<CommandOption, 10> kCommands{{{Command::kHelp, "help", false},
                                                   {Command::kVersion, "version", false},
                                                   {Command::kInstall, "install", true},
                                                   {Command::kInvoke, "invoke", true},
                                                   {Command::kList, "list", false},
                                                   {Command::kShow, "show", true},
                                                   {Command::kConfigure, "configure", true},
                                                   {Command::kRemove, "remove", true},
                                                   {Command::kVerify, "verify", true},
                                                   {Command::kBench, "bench", true}}};

// Options that belong to some commands only.
struct Belonging {
  const char* option;
  std::vector<Command> commands;
};
const std::array<Belonging, 19>& belongings() {
  static const std::array<Belonging, 19> kTable{{{"name", {Command::kInstall}},
                                                 {"signature", {Command::kInstall}},
                                                 {"handler", {Command::kInstall}},
                                                 {"train", {Command::kInstall}},
                                                 {"env", {Command::kInstall}},
                                                 {"memory", {Command::kInstall}},
                                                 {"timeout", {Command::kInstall}},
                                                 {"no-auto-jit", {Command::kInstall}},
                                                 {"jit-tolerance", {Command::kInstall}},
                                                 {"require-jit", {Command::kInstall}},
                                                 {"reuse", {Command::kConfigure}},
                                                 {"min-clones", {Command::kConfigure}},
                                                 {"max-clones", {Command::kConfigure}},
                                                 {"max-queue", {Command::kConfigure}},
                                                 {"idle-ms", {Command::kConfigure}},
                                                 {"cache", {Command::kInstall, Command::kInvoke}},
                                                 {"args", {Command::kInvoke}},
                                                 {"timing", {Command::kInvoke}},
                                                 {"no-daemon", {Command::kInvoke}}}};
  return kTable;
}

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

cxxopts::Options grammar() {
  cxxopts::Options options("fwrun");
  const auto text = [] { return cxxopts::value<std::string>(); };
  auto add = options.add_options();
  for (const CommandOption& command : kCommands) {
    command.has_subject ? add(command.name, "", text()) : add(command.name, "");
  }
  for (const char* name :
       {"name", "handler", "signature", "train", "memory", "timeout", "args", "jit-tolerance",
        "reuse", "min-clones", "max-clones", "max-queue", "idle-ms"}) {
    add(name, "", text());
  }
  add("env", "", cxxopts::value<std::vector<std::string>>());
  for (const char* name : {"json", "timing", "cache", "no-daemon", "no-auto-jit", "require-jit"})
    add(name, "");
  return options;
}

// "--show --json" is --show without its name, whatever the grammar thinks.
Status check_values(const cxxopts::ParseResult& parsed) {
  for (const cxxopts::KeyValue& argument : parsed.arguments()) {
    if (argument.value().starts_with("--")) {
      return bad("--" + argument.key() + " needs a value, and got the option " + argument.value());
    }
  }
  return {};
}

// Exactly one command.
Result<CommandOption> command_of(const cxxopts::ParseResult& parsed) {
  std::vector<CommandOption> given;
  for (const CommandOption& command : kCommands) {
    if (parsed.count(command.name) > 0) given.push_back(command);
  }
  if (given.empty()) {
    return bad(
        "no command given; choose one of --install, --invoke, --list, --show, --configure, "
        "--remove, "
        "--verify, --bench, --help, --version");
  }
  if (given.size() > 1) {
    return bad(std::string("--") + given[0].name + " and --" + given[1].name +
               " exclude each other: give one command at a time");
  }
  return given.front();
}

Status check_belonging(const cxxopts::ParseResult& parsed, const CommandOption& command) {
  for (const Belonging& belonging : belongings()) {
    if (parsed.count(belonging.option) == 0) continue;
    const auto& commands = belonging.commands;
    if (std::find(commands.begin(), commands.end(), command.command) == commands.end()) {
      return bad(std::string("--") + belonging.option + " does not go with --" + command.name);
    }
  }
  for (const cxxopts::KeyValue& argument : parsed.arguments()) {
    if (argument.key() != "env" && parsed.count(argument.key()) > 1) {
      return bad("--" + argument.key() + " is given more than once");
    }
  }
  return {};
}

Result<std::uint64_t> parse_memory(const std::string& text) {
  constexpr std::uint64_t kLeast = 32;
  constexpr std::uint64_t kMost = 65536;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < kLeast || value > kMost) {
    return bad("--memory " + text + ": expected a whole number of megabytes, from " +
               std::to_string(kLeast) + " to " + std::to_string(kMost));
  }
  return value;
}

template <typename Whole>
Status parse_whole(const cxxopts::ParseResult& parsed, const char* name,
                   std::optional<Whole>& into) {
  if (parsed.count(name) == 0) return {};
  const std::string text = parsed[name].as<std::string>();
  Whole value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return bad(std::string("--") + name + " '" + text + "': expected a whole number, at most " +
               std::to_string(std::numeric_limits<Whole>::max()));
  }
  into = value;
  return {};
}

// All of `text` as a number; not one when it is none.
double parse_number(const std::string& text, std::chars_format format) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, format);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? number : std::numeric_limits<double>::quiet_NaN();
}

Result<std::uint64_t> parse_timeout(const std::string& text) {
  const double seconds = parse_number(text, std::chars_format::fixed);
  if (!(seconds >= 0.001 && seconds <= 900)) {
    return bad("--timeout " + text + ": expected seconds, from 0.001 to 900");
  }
  return static_cast<std::uint64_t>(std::llround(seconds * 1000));
}

Result<double> parse_tolerance(const std::string& text) {
  const double tolerance = parse_number(text, std::chars_format::general);
  if (tolerance >= 0 && tolerance < 1) return tolerance;
  return bad("--jit-tolerance " + text +
             ": expected a relative error of at least 0 and below 1, such as 1e-9");
}

Status parse_environment(const std::vector<std::string>& pairs,
                         std::map<std::string, std::string>& into) {
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return bad("--env " + pair + ": expected NAME=VALUE");
    }
    if (!into.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second) {
      return bad("--env " + pair + ": " + pair.substr(0, equals) + " is given more than once");
    }
  }
  return {};
}

Result<Options> read(const cxxopts::ParseResult& parsed) {
  if (!parsed.unmatched().empty()) {
    return bad("'" + parsed.unmatched().front() + "' is no option: fwrun --help shows them");
  }
  FW_TRY_ASSIGN(const CommandOption command, command_of(parsed));
  FW_TRY(check_belonging(parsed, command));
  FW_TRY(check_values(parsed));

  const auto text = [&](const char* name) {
    return parsed.count(name) > 0 ? parsed[name].as<std::string>() : std::string();
  };
  Options options;
  options.command = command.command;
  if (command.has_subject) options.subject = text(command.name);
  if (command.has_subject && options.subject.empty()) {
    return bad(std::string("--") + command.name + " is empty");
  }
  for (const char* name : {"name", "handler", "train"}) {
    if (parsed.count(name) > 0 && text(name).empty()) {
      return bad(std::string("--") + name + " is empty");
    }
  }
  options.name = text("name");
  options.handler = text("handler");
  options.training_file = text("train");
  if (parsed.count("signature") > 0) {
    options.signature = text("signature");
    if (options.signature != "http" && options.signature != "event") {
      return bad("--signature '" + options.signature +
                 "': expected http, for a handler of requests, or event");
    }
  }
  if (parsed.count("env") > 0) {
    FW_TRY(parse_environment(parsed["env"].as<std::vector<std::string>>(), options.environment));
  }
  if (parsed.count("memory") > 0) {
    FW_TRY_ASSIGN(options.memory_mb, parse_memory(text("memory")));
  }
  if (parsed.count("timeout") > 0) {
    FW_TRY_ASSIGN(options.timeout_ms, parse_timeout(text("timeout")));
  }
  if (parsed.count("args") > 0) options.arguments = text("args");
  options.auto_jit = parsed.count("no-auto-jit") == 0;
  if (parsed.count("jit-tolerance") > 0) {
    if (!options.auto_jit) {
      return bad("--jit-tolerance has no meaning with --no-auto-jit: give one of them");
    }
    FW_TRY_ASSIGN(options.jit_tolerance, parse_tolerance(text("jit-tolerance")));
  }
  if (parsed.count("reuse") > 0) options.reuse = text("reuse");
  FW_TRY(parse_whole(parsed, "min-clones", options.min_clones));
  FW_TRY(parse_whole(parsed, "max-clones", options.max_clones));
  FW_TRY(parse_whole(parsed, "max-queue", options.max_queue));
  FW_TRY(parse_whole(parsed, "idle-ms", options.idle_ms));
  options.require_jit = parsed.count("require-jit") > 0;
  options.json = parsed.count("json") > 0;
  options.timing = parsed.count("timing") > 0;
  options.cache = parsed.count("cache") > 0;
  options.daemon = parsed.count("no-daemon") == 0;
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  try {
    return read(grammar().parse(argc, argv));
  } catch (const cxxopts::exceptions::exception& error) {
    return bad(std::string(error.what()) + "; fwrun --help shows the options");
  }
}

bool wants_json(int argc, char** argv) {
  return std::any_of(argv, argv + argc,
                     [](const char* word) { return std::string_view(word) == "--json"; });
}

}  // namespace fw::cli

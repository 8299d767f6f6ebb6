#include "fwrun/daemon/options.h"

#include <charconv>

#define CXXOPTS_NO_REGEX
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

namespace fw::daemon {

namespace {

tl::unexpected<Error> bad(std::string message) { return fail(Errc::kBadInput, std::move(message)); }

cxxopts::Options grammar() {
  cxxopts::Options options("fwrun");
  auto add = options.add_options();
  const auto text = [] { return cxxopts::value<std::string>(); };
  add("serve", "", cxxopts::value<std::vector<std::string>>());
  for (const char* name : {"socket", "admin-token-file", "workers", "max-running", "low-memory",
                           "max-body", "drain-ms", "openwhisk", "port", "kind"}) {
    add(name, "", text());
  }
  for (const char* name : {"cache", "no-templates", "check-resets", "json-log"}) add(name, "");
  return options;
}

class Reader {
 public:
  explicit Reader(const cxxopts::ParseResult& parsed) : parsed_(parsed) {}

  bool has(const char* name) const { return parsed_.count(name) > 0; }
  std::string text(const char* name) const {
    return has(name) ? parsed_[name].as<std::string>() : std::string();
  }

  template <typename Whole>
  Status whole(const char* name, std::uint64_t least, std::uint64_t most, Whole& into) const {
    if (!has(name)) return {};
    const std::string value = text(name);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < least ||
        number > most) {
      return bad(std::string("--") + name + " " + value + ": expected a whole number from " +
                 std::to_string(least) + " to " + std::to_string(most));
    }
    into = static_cast<Whole>(number);
    return {};
  }

 private:
  const cxxopts::ParseResult& parsed_;
};

Status check_words(const cxxopts::ParseResult& parsed) {
  if (!parsed.unmatched().empty()) {
    return bad("'" + parsed.unmatched().front() + "' is no option of --serve: fwrun --help");
  }
  for (const cxxopts::KeyValue& word : parsed.arguments()) {
    if (word.value().empty() || word.value().starts_with("--")) {
      return bad("--" + word.key() + " needs a value");
    }
    if (word.key() != "serve" && parsed.count(word.key()) > 1) {
      return bad("--" + word.key() + " is given more than once");
    }
  }
  return {};
}

Status read_openwhisk(const Reader& reader, Options& options) {
  if (reader.has("serve")) {
    return bad("--serve and --openwhisk exclude each other: an action has a port of its own");
  }
  options.openwhisk = true;
  std::uint64_t port = 0;
  FW_TRY(reader.whole("port", 0, 65535, port));
  options.addresses = {"0.0.0.0:" + std::to_string(reader.has("port") ? port : 8080)};
  const std::string action = reader.text("openwhisk");
  options.kind = reader.text("kind");
  if (!options.kind.empty() && options.kind != "nodejs" && options.kind != "python") {
    return bad("--kind " + options.kind + ": expected nodejs or python");
  }
  // "-": the code comes by /init.
  if (action != "-") options.action = action;
  if (options.action.empty() && options.kind.empty()) {
    return bad(
        "--openwhisk - waits for code, and needs to know of which language: give "
        "--kind nodejs or --kind python");
  }
  if (!options.action.empty() && !options.kind.empty()) {
    return bad("--kind is for --openwhisk - only: function '" + options.action +
               "' has its language");
  }
  return {};
}

Result<Options> read(const cxxopts::ParseResult& parsed) {
  FW_TRY(check_words(parsed));
  const Reader reader(parsed);
  Options options;
  if (reader.has("openwhisk")) {
    FW_TRY(read_openwhisk(reader, options));
  } else {
    for (const char* name : {"port", "kind"}) {
      if (reader.has(name)) return bad(std::string("--") + name + " goes with --openwhisk only");
    }
    options.addresses = parsed["serve"].as<std::vector<std::string>>();
  }
  options.socket = reader.text("socket");
  options.admin_token_file = reader.text("admin-token-file");
  FW_TRY(reader.whole("workers", 1, 1024, options.workers));
  FW_TRY(reader.whole("max-running", 1, 1'000'000, options.max_running));
  FW_TRY(reader.whole("low-memory", 1, 1'000'000'000, options.low_memory_mb));
  FW_TRY(reader.whole("max-body", 1, 64, options.max_body_mb));
  FW_TRY(reader.whole("drain-ms", 0, 3'600'000, options.drain_ms));
  options.cache = reader.has("cache");
  options.templates = !reader.has("no-templates");
  options.check_resets = reader.has("check-resets");
  options.json_log = reader.has("json-log");
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

}  // namespace fw::daemon

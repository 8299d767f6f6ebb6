// The command line, parsed and checked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace fw::cli {

enum class Command {
  kHelp,
  kVersion,
  kInstall,
  kInvoke,
  kList,
  kShow,
  kConfigure,
  kRemove,
  kVerify,
  kBench
};

struct Options {
  Command command = Command::kHelp;
  std::string subject;  // what the command works on: a path, or a function's name

  std::string name;
  std::string handler;
  std::string signature;
  std::string training_file;
  std::map<std::string, std::string> environment;
  std::uint64_t memory_mb = 128;
  std::uint64_t timeout_ms = 3000;

  // Of --configure: what is to change; the ranges are the policy's matter.
  std::optional<std::string> reuse;
  std::optional<std::uint32_t> min_clones;
  std::optional<std::uint32_t> max_clones;
  std::optional<std::uint32_t> max_queue;
  std::optional<std::uint64_t> idle_ms;

  std::optional<std::string> arguments;  // JSON, "@file" or "-"
  bool json = false;
  bool timing = false;
  bool cache = false;
  bool daemon = true;  // --invoke may ask one that runs
  bool auto_jit = true;
  double jit_tolerance = 0.0;
  bool require_jit = false;
};

// kBadInput says what is wrong: no command or two, an unknown option, one that
// the command does not take, one given twice, a value out of its range.
Result<Options> parse_options(int argc, char** argv);

// Whether --json is among the arguments, even if they cannot be parsed.
bool wants_json(int argc, char** argv);

// What `fwrun --help` prints.
extern const char* const kHelp;

}  // namespace fw::cli

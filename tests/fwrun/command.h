// Runs the real fwrun.
#pragma once

#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/unique_fd.h"

namespace fw::testing {

struct Finished {
  int code = -1;  // 128 + signal when killed by one
  std::string out;
  std::string err;

  // Standard output as one JSON value; fails the test when it is none.
  nlohmann::json json() const;
};

// A command line being prepared, then run. Its home is $FWRUN_HOME of the test's
// own environment unless set otherwise.
class Command {
 public:
  explicit Command(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  Command& env(const std::string& name, const std::string& value);
  Command& input(const std::string& text);      // standard input; empty otherwise
  Command& folder(const std::string& path);     // working directory
  Command& output_to(const std::string& path);  // standard output
  Command& as_nobody();                         // another user; only for root
  Command& without_sys_admin();                 // like root of a container; only for root
  Finished run();

  // Without waiting. The rest of Finished is there after wait().
  Command& start();
  Finished wait();
  const Process& process() const { return process_; }

  // For a caller that forks by itself: opens the files; then, in the child.
  Command& prepare();
  [[noreturn]] void exec();

 private:
  std::vector<std::string> arguments_;
  std::map<std::string, std::string> variables_;
  std::string folder_;
  bool as_nobody_ = false;
  bool without_sys_admin_ = false;
  UniqueFd in_, out_, err_;
  bool own_out_ = true;
  Process process_;
};

// fwrun with these arguments, to its end.
Finished fwrun(std::vector<std::string> arguments);

// Whether as_nobody() can be used: this is root, and another user can reach
// fwrun's programs. Says why not.
bool have_nobody();

// Becomes the reaper of orphans, so that a process that a command leaves behind
// turns into a child of this one.
void adopt_orphans();
// Children that there are now, adopted ones included, dead or alive; it reaps the
// dead ones and kills none.
std::vector<std::string> children();

// Number of this process's open descriptors.
std::size_t open_descriptors();

}  // namespace fw::testing

#include "bench/commands/command_line.h"

#include "base/clock.h"

namespace fw::bench {

std::vector<CommandLine> make_commands(const std::vector<Subject>& subjects,
                                       const store::Home& home,
                                       const std::filesystem::path& fwrun) {
  std::vector<CommandLine> commands;
  commands.reserve(subjects.size());
  for (const Subject& subject : subjects) {
    commands.push_back({subject.key + ".command",
                        "fwrun --invoke, the whole command, " + subject.what,
                        {fwrun,
                         {"--invoke", subject.manifest.name, "--args", subject.event()},
                         {"FWRUN_HOME=" + home.root().string()}}});
  }
  return commands;
}

Status measure(CommandLine& command, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    FW_TRY_ASSIGN(const Finished finished, run(command.program));
    command.samples_us.push_back(static_cast<double>(finished.first_line_ns) / kNsPerUs);
  }
  return {};
}

void report(const std::vector<CommandLine>& commands, Figures& figures) {
  for (const CommandLine& command : commands) {
    figures.add(command.key, command.what, "us", command.samples_us);
  }
}

}  // namespace fw::bench

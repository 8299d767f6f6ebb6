#include "v8host/embedder/engine.h"

#include <algorithm>
#include <vector>

namespace fw::v8host {

namespace {

// V8's settings, before those of the user's NODE_OPTIONS, which win.
std::string v8_flags(const embed::Job& job) {
  std::string flags =
      // No background threads: see platform.h.
      "--single-threaded "
      // Code that training compiled stays, however rarely a collection sees it used.
      "--no-flush-bytecode "
      // Object shapes that optimised code relies on outlive the collection before
      // the capture, which finds no object of them.
      "--retain-maps-for-n-gc=1000000 ";
  constexpr std::uint64_t kLeastHeapMb = 64;  // node itself needs some
  flags += "--max-old-space-size=" + std::to_string(std::max(job.memory_mb, kLeastHeapMb));
  return flags;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(const std::string& program, const embed::Job& job) {
  const std::string flags = v8_flags(job);
  v8::V8::SetFlagsFromString(flags.c_str(), flags.size());

  const std::vector<std::string> arguments = {program, job.entry};
  using Flags = node::ProcessInitializationFlags::Flags;
  const auto process = node::InitializeOncePerProcess(
      arguments, {Flags::kNoInitializeV8, Flags::kNoInitializeNodeV8Platform,
                  Flags::kNoPrintHelpOrVersionOutput});
  if (process->early_return()) {
    return fail(Errc::kBadInput, "node does not start: " + joined(process->errors()));
  }

  std::unique_ptr<Engine> engine(new Engine);
  v8::V8::InitializePlatform(&engine->platform_);
  v8::V8::Initialize();
  std::vector<std::string> errors;
  // Without an inspector: it has a thread of its own, and a debugger could not
  // follow a process into an image.
  constexpr auto kFlags = static_cast<node::EnvironmentFlags::Flags>(
      node::EnvironmentFlags::kDefaultFlags | node::EnvironmentFlags::kNoCreateInspector);
  // process.execArgv stays empty, so that child_process.fork() passes nothing on.
  engine->setup_ = node::CommonEnvironmentSetup::Create(&engine->platform_, &errors, arguments,
                                                        std::vector<std::string>(), kFlags);
  if (engine->setup_ == nullptr) return fail(Errc::kInternal, "node: " + joined(errors));
  return engine;
}

}  // namespace fw::v8host

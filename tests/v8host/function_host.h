// Installs functions in hosts and serves invocations from their images, as the store
// does, without a store. JavaScript, or Python when the file is called *.py.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "args/repository.h"
#include "embed/report.h"
#include "tests/scratch_folder.h"

namespace fw::test {

struct HostOptions {
  std::string handler;
  std::string signature = "auto";
  std::string training_events;
  std::map<std::string, std::string> environment;
  std::uint64_t memory_mb = 128;
  std::uint64_t timeout_ms = 10000;
  std::uint64_t hook_timeout_ms = 10000;
  std::uint64_t training_timeout_ms = 60000;
};

// `events`: JSON text of an array.
inline HostOptions trained_with(std::string events) {
  HostOptions options;
  options.training_events = std::move(events);
  return options;
}

// An answered invocation.
struct Served {
  bool failed = false;
  std::string body;  // JSON
  std::vector<args::LogEntry> logs;
  args::Timeline timeline{};

  // What went to one of the streams, put together.
  std::string text(args::Stream stream) const;
  // The error's fields; for a result the test fails.
  std::string error_type() const;
  std::string error_message() const;
  std::string trace() const;  // its lines, put together
};

// A folder with the files of a function.
class FunctionFiles {
 public:
  FunctionFiles() = default;
  // One file.
  FunctionFiles(std::string_view name, std::string_view source) { add(name, source); }

  // `name` may lie in folders, which are made.
  FunctionFiles& add(std::string_view name, std::string_view content);
  std::filesystem::path path(std::string_view name) const { return folder_ / name; }
  std::filesystem::path folder() const { return folder_.path(); }

 private:
  ScratchFolder folder_;
};

// One install, which went well or not, and its image.
class Installed {
 public:
  explicit Installed(const std::filesystem::path& entry, const HostOptions& options = {});

  bool ok() const { return report_.has_value(); }
  // For the other case the test fails, showing what the host said.
  const embed::Report& report() const;
  const embed::ErrorReport& error() const;
  bool has_image() const { return std::filesystem::exists(image_); }

  const std::filesystem::path& image() const { return image_; }

  // Restores the image once and has it serve one invocation.
  Served invoke(std::string_view arguments, std::uint64_t timeout_ms = 10000) const;
  // The answer's JSON; an error fails the test.
  std::string result(std::string_view arguments = "{}") const;

 private:
  void start(const std::filesystem::path& entry, const HostOptions& options);

  ScratchFolder folder_;
  std::filesystem::path image_ = folder_ / "image";
  std::optional<embed::Report> report_;
  std::optional<embed::ErrorReport> error_;
  std::string output_;
};

// Installs one file, which is called `name`.
struct OneFile {
  explicit OneFile(std::string_view source, const HostOptions& options = {},
                   std::string_view name = "handler.js")
      : files(name, source), installed(files.path(name), options) {}

  FunctionFiles files;
  Installed installed;
};

}  // namespace fw::test

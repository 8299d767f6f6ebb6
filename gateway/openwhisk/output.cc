#include "gateway/openwhisk/output.h"

#include "base/files.h"

namespace fw::gateway::openwhisk {

namespace {

// The sentinel stands on a line of its own.
void end(std::string& text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += kSentinel;
}

}  // namespace

void Output::write(const store::Invoked& invoked, std::string_view complaint) {
  std::string out;
  std::string err;
  for (const args::LogEntry& entry : invoked.logs) {
    (entry.stream == args::Stream::kStdout ? out : err) += entry.text;
  }
  if (!err.empty() && !err.ends_with('\n') && !complaint.empty()) err += '\n';
  err += complaint;
  write(std::move(out), std::move(err));
}

void Output::write(std::string_view complaint) { write(std::string(), std::string(complaint)); }

void Output::complain(std::string_view complaint) {
  const std::lock_guard lock(mutex_);
  (void)write_all(err_fd_, complaint);
}

void Output::write(std::string out, std::string err) {
  end(out);
  end(err);
  const std::lock_guard lock(mutex_);
  // Nobody may be reading: that is the invoker's affair.
  (void)write_all(out_fd_, out);
  (void)write_all(err_fd_, err);
}

}  // namespace fw::gateway::openwhisk

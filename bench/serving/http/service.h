// Service: a server that is measured: started on a port of the loopback interface, and
// gone when this object is.
#pragma once

#include <cstdint>
#include <string>

#include "base/process.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "bench/program.h"

namespace fw::bench {

// A port of 127.0.0.1 that nobody uses. Somebody else may take it before it is used.
Result<std::uint16_t> free_port();

class Service {
 public:
  // Starts it; returns once something accepts connections on the port. Fails, with what
  // it wrote, when it ends before or takes longer than 20 seconds; it is gone then.
  static Result<Service> start(std::string what, const Program& program, std::uint16_t port);

  const std::string& what() const { return what_; }
  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_.pid(); }

  // What became of it, if it is not running any more; it should be.
  Status check();

  // Asks it to end (SIGTERM) and waits for it. Fails when it does not end within 20
  // seconds (it is killed), or by anything but exit code 0 or that signal.
  Status stop();

 private:
  Service(std::string what, std::uint16_t port, UniqueFd output, Process process)
      : what_(std::move(what)),
        port_(port),
        output_(std::move(output)),
        process_(std::move(process)) {}

  Status await_port();
  Error failure(Errc code, const std::string& message) const;

  std::string what_;
  std::uint16_t port_;
  UniqueFd output_;  // both streams
  Process process_;
};

}  // namespace fw::bench

// A daemon that serves an installation, and requests to it.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/installation.h"
#include "tests/gateway/raw_client.h"

namespace fw::testing {

class Daemon {
 public:
  // `fwrun --serve 127.0.0.1:0` with more options; ready when this returns.
  explicit Daemon(const Installation& installation, std::vector<std::string> options = {});
  // As end(), if it still runs.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  const std::string& address() const { return address_; }
  pid_t pid() const { return command_.process().pid(); }
  RawClient connect() const { return RawClient(address_); }
  // POST /invoke/NAME on a connection of its own.
  RawAnswer invoke(const std::string& name, const std::string& body = "{}") const;

  void signal(int number) const;
  // SIGTERM, and what it printed and its exit code.
  Finished end();
  Finished wait();

 private:
  Command command_;
  std::string address_;
  bool ended_ = false;
};

}  // namespace fw::testing

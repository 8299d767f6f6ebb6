#include "tests/e2e/daemon.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace fw::testing {

namespace {

std::vector<std::string> words(std::vector<std::string> options) {
  options.insert(options.begin(), {"--serve", "127.0.0.1:0"});
  return options;
}

// The address in "fwrun: serving on http://127.0.0.1:4711 (2 workers)"; empty until then.
std::string address_in(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  while (std::getline(stream, line)) {
    const std::string start = "http://";
    const std::size_t at = line.find(start);
    if (at == std::string::npos || stream.eof()) continue;
    return line.substr(at + start.size(), line.find(' ', at) - at - start.size());
  }
  return {};
}

}  // namespace

Daemon::Daemon(const Installation& installation, std::vector<std::string> options)
    : command_(installation.command(words(std::move(options)))) {
  const std::filesystem::path out = installation / "daemon.out";
  std::ofstream(out, std::ios::trunc).close();
  command_.output_to(out).start();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (address_.empty() && std::chrono::steady_clock::now() < limit) {
    address_ = address_in(out);
    if (!address_.empty()) break;
    // It may have refused to start.
    if (!command_.process().running() || ::kill(pid(), 0) != 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (address_.empty()) {
    const Finished finished = end();
    FAIL("no daemon: " << finished.err);
  }
}

Daemon::~Daemon() {
  if (!ended_) end();
}

RawAnswer Daemon::invoke(const std::string& name, const std::string& body) const {
  RawClient client = connect();
  return client.ask("POST", "/invoke/" + name, body);
}

void Daemon::signal(int number) const { (void)command_.process().send_signal(number); }

Finished Daemon::end() {
  signal(SIGTERM);
  return wait();
}

Finished Daemon::wait() {
  ended_ = true;
  return command_.wait();
}

}  // namespace fw::testing

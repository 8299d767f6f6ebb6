#include "bench/serving/http/service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/files.h"
#include "bench/interrupt.h"
#include "store/read.h"

namespace fw::bench {

namespace {

constexpr std::uint64_t kPatienceNs = 20 * kNsPerSecond;
constexpr std::uint64_t kLookEveryNs = 5 * kNsPerMs;
constexpr std::size_t kShownOutput = 2000;  // bytes in a message

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool accepts_connections(std::uint16_t port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  return socket &&
         ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Result<std::uint16_t> free_port() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket");
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, size) != 0) return fail_errno("bind to 127.0.0.1");
  if (::getsockname(socket.get(), generic, &size) != 0) return fail_errno("getsockname");
  return ntohs(address.sin_port);
}

Result<Service> Service::start(std::string what, const Program& program, std::uint16_t port) {
  FW_TRY_ASSIGN(UniqueFd output, create_memfd("output"));
  FW_TRY_ASSIGN(Process process, bench::start(program, output.get(), output.get()));
  Service service(std::move(what), port, std::move(output), std::move(process));
  FW_TRY(service.await_port());
  return service;
}

Status Service::check() {
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait(1));
  if (ended) return fail(failure(Errc::kDied, ended->describe()));
  return {};
}

Status Service::stop() {
  FW_TRY(process_.send_signal(SIGTERM));
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait(kPatienceNs));
  if (!ended) {
    process_.kill_and_reap();
    return fail(failure(Errc::kTimeout, "did not end within 20 seconds of SIGTERM"));
  }
  if (ended->value != (ended->signalled ? SIGTERM : 0)) {
    return fail(failure(Errc::kDied, ended->describe()));
  }
  return {};
}

Status Service::await_port() {
  const std::uint64_t deadline = monotonic_ns() + kPatienceNs;
  while (!accepts_connections(port_)) {
    FW_TRY(check_interrupt());
    FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait(kLookEveryNs));
    if (ended) return fail(failure(Errc::kDied, ended->describe()));
    if (monotonic_ns() > deadline) {
      return fail(failure(Errc::kTimeout, "did not accept connections on port " +
                                              std::to_string(port_) + " within 20 seconds"));
    }
  }
  return {};
}

Error Service::failure(Errc code, const std::string& message) const {
  std::size_t cut = 0;
  const Result<std::string> wrote = store::read_head(output_.get(), kShownOutput, cut);
  std::string text = what_ + " " + message;
  if (wrote && !wrote->empty()) text += "; it wrote:\n" + *wrote;
  return {code, std::move(text)};
}

}  // namespace fw::bench

#include "bench/serving/direct.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

#include "base/clock.h"
#include "base/files.h"
#include "embed/job.h"
#include "store/namespaces.h"

namespace fw::bench {

namespace {

constexpr int kPatienceMs = 10'000;  // for the answer of a template
constexpr int kNoSpill = -1;

fw_restore_request request_for(const Target& target) {
  fw_restore_request request{};
  request.image_fd = target.image_fd;
  request.pack_fd = std::max(target.pack_fd, 0);
  request.pid_mode = FW_RESTORE_PID_NAMESPACE;
  request.restorer_path = target.restorer.c_str();
  request.parent_death_signal = SIGKILL;
  return request;
}

Error no_fork() {
  return {Errc::kTimeout, "a template did not fork, or its fork not answer, for ten seconds"};
}

// Waits for either: the answer, and the process.
Result<args::Answer> await_boot(const DirectTemplate& from, args::Slot& slot, Process& process) {
  for (;;) {
    std::array<pollfd, 2> ready{{{slot.event_fd(), POLLIN, 0}, {from.socket(), POLLIN, 0}}};
    // Once the process is known, there is nothing to hear of it.
    const nfds_t count = process.running() ? 1 : ready.size();
    if (::poll(ready.data(), count, kPatienceMs) == 0) return fail(no_fork());
    if (ready[0].revents != 0) {
      FW_TRY_ASSIGN(std::optional<args::Answer> answer, slot.poll(process));
      if (answer) return std::move(*answer);
    }
    if (count == ready.size() && ready[1].revents != 0) {
      FW_TRY_ASSIGN(std::optional<Process> known, from.ordered());
      if (known) process = std::move(*known);
    }
  }
}

}  // namespace

Result<DirectCall> boot_once(const DirectTemplate& from, const Target& target) {
  const int event_target = fw_restore_first_free_fd(target.image_fd);
  FW_TRY_ASSIGN(const store::Output output, store::Output::create());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create_with_event(event_target));
  Process process;
  DirectCall call;
  call.requested_ns = monotonic_ns();
  FW_TRY(slot.put({"bench", call.requested_ns + target.timeout_ms * kNsPerMs, target.event,
                   args::After::kResets},
                  kNoSpill));
  FW_TRY(from.order(slot, output, FW_RESTORE_RESETTABLE, event_target));
  FW_TRY_ASSIGN(call.answer, await_boot(from, slot, process));
  call.received_ns = monotonic_ns();
  while (!process.running()) {
    pollfd told{from.socket(), POLLIN, 0};
    if (::poll(&told, 1, kPatienceMs) == 0) return fail(no_fork());
    FW_TRY_ASSIGN(std::optional<Process> known, from.ordered());
    if (known) process = std::move(*known);
  }
  process.kill_and_reap();
  store::Invoked invoked;
  store::fill_answer(invoked, call.answer);
  FW_TRY(check_answer(target, invoked));
  return call;
}

Result<DirectTemplate> DirectTemplate::start(const Target& target) {
  FW_TRY_ASSIGN(store::Output output, store::Output::create());
  const std::array<fw_restore_fd, 2> fds{{{output.out.get(), 1}, {output.err.get(), 2}}};
  fw_restore_request request = request_for(target);
  request.fds = fds.data();
  request.fd_count = fds.size();
  fw_prepared prepared{-1, -1, -1};
  const int error = fw_template_start(&request, &prepared);
  if (error != 0 && store::denies_namespaces(-error)) return fail(store::no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a template", -error));
  return DirectTemplate(std::move(output), prepared);
}

Status DirectTemplate::order(const args::Slot& slot, const store::Output& output,
                             std::uint32_t flags, int event_target) const {
  static const Result<UniqueFd> kNull = open_file("/dev/null", O_RDONLY);
  if (!kNull) return fail(kNull.error());
  const std::array<fw_restore_fd, 4> fds{{{kNull->get(), 0},
                                          {output.out.get(), 1},
                                          {output.err.get(), 2},
                                          {slot.event_fd(), event_target}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot.memory_fd(), 0};
  fw_restore_request request{};
  request.flags = flags;
  request.fds = fds.data();
  request.fd_count = slot.event_fd() >= 0 ? fds.size() : fds.size() - 1;
  request.externals = &slot_memory;
  request.external_count = 1;
  const int error = fw_template_fork(&prepared_, &request);
  if (error != 0) return fail(Error::from_errno("order a fork of a template", -error));
  return {};
}

Result<std::optional<Process>> DirectTemplate::ordered() const {
  fw_restored restored{};
  const int error = fw_template_forked(&prepared_, &restored);
  if (error == -EAGAIN) return std::nullopt;
  if (error != 0) return fail(Error::from_errno("fork a template", -error));
  return std::optional<Process>(Process(restored.pid, UniqueFd(restored.pidfd)));
}

Result<Process> DirectTemplate::fork(const args::Slot& slot, const store::Output& output,
                                     std::uint32_t flags) const {
  FW_TRY(order(slot, output, flags, -1));
  for (;;) {
    FW_TRY_ASSIGN(std::optional<Process> process, ordered());
    if (process) return std::move(*process);
    pollfd answer{socket_.get(), POLLIN, 0};
    if (::poll(&answer, 1, kPatienceMs) == 0) return fail(no_fork());
  }
}

Status DirectTemplate::learn(const Target& target) const {
  DirectCall call;
  FW_TRY_ASSIGN(const DirectClone teacher,
                DirectClone::fork(*this, target, args::After::kStays, call, FW_RESTORE_TEACHES));
  const int error = fw_template_learn(&prepared_, teacher.pid());
  if (error != 0 && error != -ENOTSUP) {
    return fail(Error::from_errno("have a template learn", -error));
  }
  // It has looked once it has forked again; the teacher is to live until then.
  FW_TRY_ASSIGN(DirectClone next, DirectClone::fork(*this, target, args::After::kEnds, call));
  return next.reap();
}

Result<DirectClone> DirectClone::fork(const DirectTemplate& from, const Target& target,
                                      args::After after, DirectCall& first, std::uint32_t flags) {
  FW_TRY_ASSIGN(store::Output output, store::Output::create());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());
  DirectClone clone(std::move(slot), std::move(output), target);
  FW_TRY_ASSIGN(first, clone.put(after));
  FW_TRY_ASSIGN(clone.process_, from.fork(clone.slot_, clone.output_, flags));
  FW_TRY(clone.await(first));
  return clone;
}

Result<DirectCall> DirectClone::call(args::After after) {
  FW_TRY_ASSIGN(DirectCall call, put(after));
  FW_TRY(await(call));
  return call;
}

Status DirectClone::reap() {
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait(kPatienceMs * kNsPerMs));
  if (!ended) return fail(Errc::kTimeout, "a clone that answered did not end");
  return {};
}

Result<DirectCall> DirectClone::put(args::After after) {
  DirectCall call;
  call.requested_ns = monotonic_ns();
  FW_TRY(slot_.put(
      {"bench", call.requested_ns + target_->timeout_ms * kNsPerMs, target_->event, after},
      kNoSpill));
  return call;
}

Status DirectClone::await(DirectCall& call) {
  Result<args::Answer> answer = slot_.await(process_);
  call.received_ns = monotonic_ns();
  if (!answer) return fail(failure(std::move(answer).error()));
  call.answer = std::move(*answer);
  if (call.answer.outcome == args::Outcome::kResult && call.answer.body == last_body_) return {};
  store::Invoked invoked;
  store::fill_answer(invoked, call.answer);
  FW_TRY(check_answer(*target_, invoked));
  last_body_ = call.answer.body;
  return {};
}

// With what it wrote, which says why it was refused or could not be reset.
Error DirectClone::failure(Error error) {
  store::Invoked told;
  if (error.code() == Errc::kDied) {
    const Result<std::optional<ExitStatus>> ended = process_.wait();
    if (ended && *ended) error = std::move(error).context((*ended)->describe());
  }
  output_.take(told);
  std::string message = error.message();
  for (const args::LogEntry& entry : told.logs) message += "; it wrote: " + entry.text;
  return {error.code(), std::move(message), error.sys_errno()};
}

}  // namespace fw::bench

#include "store/image_process.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>

#include "base/clock.h"
#include "base/files.h"
#include "embed/job.h"
#include "snapshot/snapshot.h"
#include "store/namespaces.h"
#include "store/request_id.h"

namespace fw::store {

namespace {

// A process that runs can be given no descriptor for arguments larger than its slot.
constexpr int kNoSpill = -1;

}  // namespace

Result<ImageProcess> ImageProcess::start(const InvokeRequest& request, After after,
                                         Invoked& first) {
  const int spill_target = fw_restore_first_free_fd(request.image_fd);
  if (spill_target < 0) {
    return fail(Errc::kRefused, "the file is no image of this format, or is damaged");
  }
  FW_TRY_ASSIGN(Output output, Output::create());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());
  ImageProcess process(std::move(slot));
  process.output_ = std::move(output);
  FW_TRY_ASSIGN(first, process.put(request.arguments, request.timeout_ms, spill_target, after));
  FW_TRY(process.restore(request, spill_target));
  FW_TRY(process.await(first, request.timeout_ms, after));
  return process;
}

Result<Invoked> ImageProcess::serve(std::string_view arguments, std::uint64_t timeout_ms) {
  if (!running()) return fail(Errc::kDied, "the process has ended: it serves no more");
  FW_TRY_ASSIGN(Invoked invoked, put(arguments, timeout_ms, kNoSpill, After::kStays));
  invoked.tier = "live";
  FW_TRY(await(invoked, timeout_ms, After::kStays));
  return invoked;
}

Result<Invoked> ImageProcess::put(std::string_view arguments, std::uint64_t timeout_ms,
                                  int spill_target, After after) {
  Invoked invoked;
  invoked.request_id = new_request_id();
  const std::uint64_t now = monotonic_ns();
  args::at(invoked.timeline, args::Instant::kRequested) = now;
  FW_TRY(slot_.put({invoked.request_id, now + timeout_ms * kNsPerMs, arguments,
                    after == After::kStays ? args::After::kStays : args::After::kEnds},
                   spill_target));
  return invoked;
}

Status ImageProcess::restore(const InvokeRequest& request, int spill_target) {
  static const Result<UniqueFd> kNull = open_file("/dev/null", O_RDONLY);
  if (!kNull) return fail(kNull.error());
  std::array<fw_restore_fd, 4> fds{{{kNull->get(), 0},
                                    {output_.out.get(), 1},
                                    {output_.err.get(), 2},
                                    {slot_.spill_fd(), spill_target}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot_.memory_fd(), 0};
  fw_restore_request restore{};
  restore.image_fd = request.image_fd;
  restore.pack_fd = std::max(request.pack_fd, 0);
  restore.pid_mode = FW_RESTORE_PID_NAMESPACE;
  restore.fds = fds.data();
  restore.fd_count = slot_.spill_fd() >= 0 ? fds.size() : fds.size() - 1;
  restore.externals = &slot_memory;
  restore.external_count = 1;
  restore.restorer_path = request.restorer.c_str();
  restore.parent_death_signal = SIGKILL;
  fw_restored restored{};
  const int error = fw_restore_start(&restore, &restored);
  if (error != 0 && denies_namespaces(-error)) return fail(no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a process from the image", -error));
  process_ = Process(restored.pid, UniqueFd(restored.pidfd));
  return {};
}

Status ImageProcess::await(Invoked& invoked, std::uint64_t timeout_ms, After after) {
  Result<args::Answer> answer = slot_.await(process_);
  invoked.received_ns = monotonic_ns();
  if (answer) {
    resumed_ = true;
    if (after == After::kEnds) process_.kill_and_reap();
    fill_answer(invoked, std::move(*answer));
  } else if (answer.error().code() == Errc::kTimeout) {
    process_.kill_and_reap();
    fill_remains(invoked, slot_.remains());
    fill_timed_out(invoked, timeout_ms);
  } else if (answer.error().code() == Errc::kDied) {
    FW_TRY(fill_end(invoked));
  } else if (answer.error().code() == Errc::kFunction) {
    process_.kill_and_reap();
    fill_malformed(invoked, answer.error());
  } else {
    process_.kill_and_reap();
    return fail(std::move(answer).error());
  }
  output_.take(invoked);
  return {};
}

// The process ended by itself, without an answer.
Status ImageProcess::fill_end(Invoked& invoked) {
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait());
  fill_remains(invoked, slot_.remains());
  return fill_ended(invoked, *ended, output_, resumed_);
}

}  // namespace fw::store

#include "tests/snapshot/guest_runner.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "base/check.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/syscalls.h"
#include "tests/guests/guest.h"

namespace fw::test {
namespace {

constexpr std::uint64_t kPatienceNs = 60 * kNsPerSecond;

UniqueFd make_log() {
  Result<UniqueFd> log = create_memfd("guest-output");
  FW_CHECK(log.has_value(), "a test can make a memfd");
  return std::move(*log);
}

std::string read_log(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0;
       (n = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

void write_line(const char* path, const std::string& line) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || ::write(fd, line.data(), line.size()) < 0) ::_exit(126);
  ::close(fd);
}

// In the child. Whatever else this process has open (a build tool's pipes, say) is
// no state of the guest: the engine would rightly refuse it.
[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         int log, bool map_ids, uid_t uid, gid_t gid) {
  if (map_ids) {
    write_line("/proc/self/setgroups", "deny");
    write_line("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
    write_line("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no orphan when the test itself is killed
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::close_range(3, ~0U, 0);
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  ::dprintf(2, "cannot execute %s\n", program.c_str());
  ::_exit(126);
}

UniqueFd open_image(const std::filesystem::path& image) {
  Result<UniqueFd> fd = open_file(image, O_RDONLY);
  FW_CHECK(fd.has_value(), "a test's image can be opened");
  return std::move(*fd);
}

}  // namespace

Outcome finish(Clone clone) {
  Result<std::optional<ExitStatus>> ended = clone.process.wait(kPatienceNs);
  if (ended && ended->has_value()) return {**ended, read_log(clone.log.get())};
  clone.process.kill_and_reap();
  ExitStatus killed;
  killed.signalled = true;
  killed.value = SIGKILL;
  return {killed, read_log(clone.log.get()) + "(killed by the test: it did not end)"};
}

Guest::Guest(std::string_view name)
    : program_(std::string(FW_TEST_DIR "/guests/") + std::string(name)) {}

Outcome Guest::run_program(const std::string& program, Pids pids,
                           const std::vector<std::string>& arguments) {
  UniqueFd log = make_log();
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  int pidfd = -1;
  clone_args args{};
  args.flags = CLONE_PIDFD;
  args.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  const bool own_user_namespace = pids == Pids::kKept && uid != 0;
  if (pids == Pids::kKept) args.flags |= CLONE_NEWPID;
  if (own_user_namespace) args.flags |= CLONE_NEWUSER;
  const pid_t pid = sys::clone3_fork(args);
  if (pid == 0) become(program, arguments, log.get(), own_user_namespace, uid, gid);
  FW_CHECK(pid > 0, "a test can start a process in a PID namespace");
  return finish({Process(pid, UniqueFd(pidfd)), std::move(log)});
}

Outcome Guest::run(Pids pids, const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{image().string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_program(program_, pids, all);
}

bool Guest::capture(Pids pids) const {
  const Outcome outcome = run(pids);
  if (outcome.exited_with(guest::kSkipped)) {
    MESSAGE("skipped: " << outcome.output);
    return false;
  }
  INFO("the guest said:\n" << outcome.output);
  REQUIRE(outcome.status.describe() == "exited with code 0");
  if (!outcome.output.empty()) MESSAGE("skipped in part: " << outcome.output);
  return true;
}

Clone start_clone(const std::filesystem::path& image, Pids pids, std::vector<fw_restore_fd> fds,
                  const std::vector<fw_restore_external>& externals) {
  const UniqueFd image_fd = open_image(image);
  Result<UniqueFd> null = open_file("/dev/null", O_RDONLY);
  FW_CHECK(null.has_value(), "/dev/null exists");
  UniqueFd log = make_log();
  fds.insert(fds.end(), {{null->get(), 0}, {log.get(), 1}, {log.get(), 2}});
  fw_restore_request request{};
  request.image_fd = image_fd.get();
  request.pid_mode = pids == Pids::kKept ? FW_RESTORE_PID_NAMESPACE : FW_RESTORE_PID_PATCHED;
  request.fds = fds.data();
  request.fd_count = fds.size();
  request.externals = externals.data();
  request.external_count = externals.size();
  fw_restored restored{};
  REQUIRE(fw_restore_start(&request, &restored) == 0);
  return {Process(restored.pid, UniqueFd(restored.pidfd)), std::move(log)};
}

std::string Guest::try_restore(Pids pids, const Orders& orders) const {
  int arrived[2];
  int go[2];
  REQUIRE(::pipe2(arrived, O_CLOEXEC) == 0);
  const UniqueFd arrivals(arrived[0]);
  UniqueFd report_arrival(arrived[1]);
  REQUIRE(::pipe2(go, O_CLOEXEC) == 0);
  UniqueFd wait_for_go(go[0]);
  UniqueFd let_go(go[1]);

  std::vector<Clone> clones;
  for (int i = 0; i < orders.count; ++i) {
    std::vector<fw_restore_fd> fds = orders.fds;
    fds.push_back({report_arrival.get(), guest::kArrivedFd});
    fds.push_back({wait_for_go.get(), guest::kGoFd});
    clones.push_back(start_clone(image(), pids, std::move(fds), orders.externals));
  }
  // From now on only clones hold these ends: when all are gone, so is the pipe.
  report_arrival.reset();
  wait_for_go.reset();
  const std::uint64_t give_up = monotonic_ns() + kPatienceNs;
  for (int alive = 0; alive < orders.count;) {
    pollfd arrival{arrivals.get(), POLLIN, 0};
    char byte = 0;
    if (monotonic_ns() > give_up || ::poll(&arrival, 1, 1000) < 0) break;
    if (arrival.revents == 0) continue;
    if (::read(arrivals.get(), &byte, 1) != 1) break;  // all of them ended
    ++alive;
    if (alive == orders.count && orders.meanwhile) orders.meanwhile();
  }
  let_go.reset();
  std::string wrong;
  for (Clone& clone : clones) {
    const Outcome outcome = finish(std::move(clone));
    if (outcome.exited_with(0)) continue;
    wrong += "a clone " + outcome.status.describe() + ", having said:\n" + outcome.output;
  }
  return wrong;
}

void Guest::restore(Pids pids, const Orders& orders) const {
  const std::string wrong = try_restore(pids, orders);
  CHECK_MESSAGE(wrong.empty(), wrong);
}

void check_guest(std::string_view name, std::initializer_list<Pids> ways) {
  for (const Pids pids : ways) {
    const std::string way = pids == Pids::kKept ? "as pid 1 of a namespace" : "without a namespace";
    INFO(way);
    const Guest guest(name);
    if (!guest.capture(pids)) continue;
    if (std::filesystem::exists(guest.image())) guest.restore(pids);
  }
}

}  // namespace fw::test

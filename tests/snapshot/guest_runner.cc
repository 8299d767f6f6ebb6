#include "tests/snapshot/guest_runner.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>

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

namespace {

// A request and what it refers to.
struct Request {
  Request(Pids pids, std::vector<fw_restore_fd> more_fds, int log,
          const std::vector<fw_restore_external>& externals)
      : null(open_null()), fds(std::move(more_fds)) {
    fds.insert(fds.end(), {{null.get(), 0}, {log, 1}, {log, 2}});
    request.pid_mode = pids == Pids::kKept ? FW_RESTORE_PID_NAMESPACE : FW_RESTORE_PID_PATCHED;
    request.fds = fds.data();
    request.fd_count = fds.size();
    request.externals = externals.data();
    request.external_count = externals.size();
  }
  static UniqueFd open_null() {
    Result<UniqueFd> null = open_file("/dev/null", O_RDONLY);
    FW_CHECK(null.has_value(), "/dev/null exists");
    return std::move(*null);
  }

  UniqueFd null;
  std::vector<fw_restore_fd> fds;
  fw_restore_request request{};
};

}  // namespace

Clone start_clone(const std::filesystem::path& image, Pids pids, std::vector<fw_restore_fd> fds,
                  const std::vector<fw_restore_external>& externals, std::uint32_t flags) {
  const UniqueFd image_fd = open_image(image);
  UniqueFd log = make_log();
  Request request(pids, std::move(fds), log.get(), externals);
  request.request.image_fd = image_fd.get();
  request.request.flags = flags;
  fw_restored restored{};
  REQUIRE(fw_restore_start(&request.request, &restored) == 0);
  return {Process(restored.pid, UniqueFd(restored.pidfd)), std::move(log)};
}

Clone start_in_zygote(const std::filesystem::path& image, Pids pids, std::vector<fw_restore_fd> fds,
                      const std::vector<fw_restore_external>& externals) {
  const UniqueFd image_fd = open_image(image);
  UniqueFd log = make_log();
  Request request(pids, std::move(fds), log.get(), externals);
  request.request.image_fd = image_fd.get();
  fw_prepared zygote{};
  REQUIRE(fw_zygote_start(nullptr, request.request.pid_mode, 0, &zygote) == 0);
  Process process(zygote.pid, UniqueFd(zygote.pidfd));
  const UniqueFd socket(zygote.socket);
  REQUIRE(fw_zygote_restore(&zygote, &request.request) == 0);
  return {std::move(process), std::move(log)};
}

Template::Template(const std::filesystem::path& image, Pids pids, int parent_death_signal)
    : log_(make_log()) {
  const UniqueFd image_fd = open_image(image);
  Request request(pids, {}, log_.get(), {});
  request.request.image_fd = image_fd.get();
  request.request.parent_death_signal = parent_death_signal;
  REQUIRE(fw_template_start(&request.request, &prepared_) == 0);
  process_ = Process(prepared_.pid, UniqueFd(prepared_.pidfd));
  socket_ = UniqueFd(prepared_.socket);
}

int Template::order(std::vector<fw_restore_fd> fds, const UniqueFd& log,
                    const std::vector<fw_restore_external>& externals, std::uint32_t flags) const {
  Request request(Pids::kKept, std::move(fds), log.get(), externals);
  request.request.flags = flags;
  return fw_template_fork(&prepared_, &request.request);
}

int Template::await(fw_restored* forked) const {
  for (;;) {
    const int result = fw_template_forked(&prepared_, forked);
    if (result != -EAGAIN) return result;
    pollfd answer{prepared_.socket, POLLIN, 0};
    if (::poll(&answer, 1, static_cast<int>(kPatienceNs / kNsPerMs)) == 0) return -ETIMEDOUT;
  }
}

Clone Template::fork(std::vector<fw_restore_fd> fds,
                     const std::vector<fw_restore_external>& externals, std::uint32_t flags) const {
  UniqueFd log = make_log();
  REQUIRE(order(std::move(fds), log, externals, flags) == 0);
  fw_restored forked{};
  const int result = await(&forked);
  INFO("the template said: " << said());
  REQUIRE(result == 0);
  return {Process(forked.pid, UniqueFd(forked.pidfd)), std::move(log)};
}

std::string Template::said() const { return read_log(log_.get()); }

std::string Guest::try_restore(Pids pids, const Orders& orders) const {
  int arrived[2];
  int go[2];
  REQUIRE(::pipe2(arrived, O_CLOEXEC) == 0);
  const UniqueFd arrivals(arrived[0]);
  UniqueFd report_arrival(arrived[1]);
  REQUIRE(::pipe2(go, O_CLOEXEC) == 0);
  UniqueFd wait_for_go(go[0]);
  UniqueFd let_go(go[1]);

  std::optional<Template> tmpl;
  if (orders.way == Way::kForked) tmpl.emplace(image(), pids);
  std::vector<Clone> clones;
  for (int i = 0; i < orders.count; ++i) {
    std::vector<fw_restore_fd> fds = orders.fds;
    fds.push_back({report_arrival.get(), guest::kArrivedFd});
    fds.push_back({wait_for_go.get(), guest::kGoFd});
    if (orders.way == Way::kForked) {
      clones.push_back(tmpl->fork(std::move(fds), orders.externals));
    } else if (orders.way == Way::kIntoZygote) {
      clones.push_back(start_in_zygote(image(), pids, std::move(fds), orders.externals));
    } else {
      clones.push_back(start_clone(image(), pids, std::move(fds), orders.externals));
    }
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
    const std::string ids = pids == Pids::kKept ? "as pid 1 of a namespace" : "without a namespace";
    INFO(ids);
    const Guest guest(name);
    if (!guest.capture(pids)) continue;
    if (!std::filesystem::exists(guest.image())) continue;
    for (const Way way : {Way::kFromFile, Way::kIntoZygote, Way::kForked}) {
      const std::string how = way == Way::kFromFile ? "from file"
                              : way == Way::kForked ? "forked"
                                                    : "into a zygote";
      INFO(how);
      guest.restore(pids, {.way = way});
    }
  }
}

}  // namespace fw::test

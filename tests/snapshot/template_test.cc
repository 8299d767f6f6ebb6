// Templates: what fw_template_fork() makes, and what remains of it.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>

#include "base/clock.h"
#include "base/files.h"
#include "base/mapping.h"
#include "snapshot/image/reader.h"
#include "tests/child.h"
#include "tests/guests/guest.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw;
using namespace fw::test;
namespace fs = std::filesystem;

namespace {

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

UniqueFd some_log() {
  Result<UniqueFd> log = create_memfd("clone-output");
  REQUIRE(log.has_value());
  return std::move(*log);
}

// Waits until it holds; false after a minute.
template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 60'000; ++i) {
    if (condition()) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

struct Subject {
  explicit Subject(const char* name, Pids pids = Pids::kKept) : guest(name) {
    REQUIRE(guest.capture(pids));
  }
  Guest guest;
};

// Where guests wait until the test lets go of it (tests/guests/guest.h).
class Barrier {
 public:
  Barrier() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    arrivals_ = UniqueFd(ends[0]);
    arrive_ = UniqueFd(ends[1]);
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    wait_ = UniqueFd(ends[0]);
    let_go_ = UniqueFd(ends[1]);
  }
  std::vector<fw_restore_fd> fds() const {
    return {{arrive_.get(), guest::kArrivedFd}, {wait_.get(), guest::kGoFd}};
  }
  // Until one more has arrived, and stands there.
  void wait() const {
    char byte = 0;
    REQUIRE(::read(arrivals_.get(), &byte, 1) == 1);
  }
  void let_go() { let_go_.reset(); }

 private:
  UniqueFd arrivals_;
  UniqueFd arrive_;
  UniqueFd wait_;
  UniqueFd let_go_;
};

// Waits until the process sleeps.
void wait_until_asleep(const Clone& clone) {
  const fs::path path = "/proc/" + std::to_string(clone.process.pid()) + "/stat";
  CHECK(eventually([&] { return guest::contents(path).find(") S ") != std::string::npos; }));
}

std::string page_of(pid_t pid, std::uint64_t address) {
  std::string page(kPageSize, '\0');
  const iovec here{page.data(), page.size()};
  const iovec there{reinterpret_cast<void*>(address), page.size()};
  const ssize_t n = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
  page.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  return page;
}

}  // namespace

TEST_CASE("A fork is pid 1, knows that it was forked and has no descriptor but its own") {
  const Subject subject("inheritance");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = finish(tmpl.fork());
    CHECK(outcome.status.describe() == "exited with code 0");
    CHECK(outcome.output == "pid 1, woken 2, descriptors 0 1 2");
  }
}

TEST_CASE("A fork gets the descriptors of its order, and the template forgets them") {
  const Subject subject("inheritance");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  Clone clone = tmpl.fork({{writer.get(), 3}, {writer.get(), 77}});
  writer.reset();
  CHECK(finish(std::move(clone)).output == "pid 1, woken 2, descriptors 0 1 2 3 77");
  // The end of the pipe comes when nobody holds the other one.
  pollfd end{reader.get(), POLLIN, 0};
  CHECK(::poll(&end, 1, 60'000) == 1);
  CHECK((end.revents & POLLHUP) != 0);
  CHECK(finish(tmpl.fork()).output == "pid 1, woken 2, descriptors 0 1 2");
}

TEST_CASE("A template has no descriptors but the streams, its socket and the image") {
  const Subject subject("inheritance");
  for (const int death_signal : {0, SIGKILL}) {
    const Template tmpl(subject.guest.image(), Pids::kKept, death_signal);
    finish(tmpl.fork());  // so it is ready
    const fs::path fds = "/proc/" + std::to_string(tmpl.prepared().pid) + "/fd";
    const std::size_t wanted = death_signal == 0 ? 5 : 6;
    CHECK(eventually([&] { return names_in(fds).size() == wanted; }));
  }
}

TEST_CASE("A thousand forks of one template leave nothing behind and are all alike") {
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  const std::set<std::string> descriptors = names_in("/proc/self/fd");
  for (const Pids pids : {Pids::kKept, Pids::kPatched}) {
    const Subject subject("inheritance", pids);
    const std::set<std::string> files = names_in(subject.guest.folder().path());
    {
      const Template tmpl(subject.guest.image(), pids);
      const fs::path fds = "/proc/" + std::to_string(tmpl.prepared().pid) + "/fd";
      finish(tmpl.fork());
      REQUIRE(eventually([&] { return names_in(fds).size() == 5; }));
      int wrong = 0;
      for (int i = 0; i < 500; ++i) {
        const Outcome outcome = finish(tmpl.fork());
        const bool right =
            outcome.exited_with(0) && outcome.output.ends_with(", woken 2, descriptors 0 1 2");
        wrong += right ? 0 : 1;
      }
      CHECK(wrong == 0);
      CHECK(eventually([&] { return names_in(fds).size() == 5; }));
    }
    CHECK(names_in(subject.guest.folder().path()) == files);
  }
  CHECK(names_in("/proc/self/fd") == descriptors);
  CHECK(::waitpid(-1, nullptr, __WALL) == -1);
  CHECK(errno == ECHILD);
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

TEST_CASE("How a fork ends and what it used reaches the template's owner") {
  const Subject subject("program_data");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  // The guest misses its driver's pipes.
  const Outcome failed = finish(tmpl.fork());
  CHECK(failed.exited_with(1));
  CHECK(failed.output.find("cannot report the arrival") != std::string::npos);
  CHECK(failed.status.usage.ru_minflt > 0);

  const UniqueFd arrivals = some_log();
  int go[2];
  REQUIRE(::pipe2(go, O_CLOEXEC) == 0);
  const UniqueFd wait_for_go(go[0]);
  const UniqueFd let_go(go[1]);
  Clone clone = tmpl.fork({{arrivals.get(), 900}, {wait_for_go.get(), 901}});
  REQUIRE(clone.process.send_signal(SIGKILL).has_value());
  CHECK(finish(std::move(clone)).status.describe() == "was killed by signal 9 (Killed)");
}

TEST_CASE("The memory of a fork is that of a clone from the file, taught or not") {
  const Subject subject("program_data");
  const Barrier barrier;
  Clone from_file = start_clone(subject.guest.image(), Pids::kKept, barrier.fds());
  barrier.wait();
  wait_until_asleep(from_file);
  const Template tmpl(subject.guest.image(), Pids::kKept);
  Clone teacher = tmpl.fork(barrier.fds(), {}, FW_RESTORE_TEACHES);
  barrier.wait();
  (void)fw_template_learn(&tmpl.prepared(), teacher.process.pid());  // not on all kernels
  Clone forked = tmpl.fork(barrier.fds());
  barrier.wait();
  wait_until_asleep(forked);
  Result<image::ImageReader> image = image::ImageReader::open(subject.guest.image());
  REQUIRE(image.has_value());
  const image::Plan& plan = image->plan();
  const auto* maps = image::records<image::MapOp>(&plan, plan.maps);
  const std::uint64_t rseq = image::records<image::Thread>(&plan, plan.threads)[0].rseq_area;
  const std::uint64_t stack = plan.context.rsp;
  std::size_t compared = 0;
  for (std::uint32_t i = 0; i < plan.maps.count; ++i) {
    if ((maps[i].prot & PROT_READ) == 0) continue;
    for (std::uint64_t page = maps[i].start; page < maps[i].end; page += kPageSize) {
      std::string expected = page_of(from_file.process.pid(), page);
      std::string actual = page_of(forked.process.pid(), page);
      if (rseq / kPageSize == page / kPageSize) {  // there the kernel writes the CPU's number
        for (std::string* text : {&expected, &actual}) text->replace(rseq % kPageSize, 32, 32, '?');
      }
      CAPTURE(page);
      // What runs after the restore leaves the instants of it on its stack, here and below.
      if (page <= stack + kPageSize && maps[i].start <= stack && stack < maps[i].end) continue;
      CHECK((expected == actual));
      compared += expected.size();
    }
  }
  CHECK(compared > 100 * kPageSize);
}

TEST_CASE("Many forks can be ordered before the first answer is read, but not any number") {
  const Subject subject("inheritance");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  finish(tmpl.fork());
  REQUIRE(::kill(tmpl.prepared().pid, SIGSTOP) == 0);
  std::vector<UniqueFd> logs;
  int result = 0;
  while (result == 0 && logs.size() < 10'000) {
    logs.push_back(some_log());
    result = tmpl.order({}, logs.back());
  }
  CHECK(result == -EAGAIN);
  logs.pop_back();
  CHECK(logs.size() >= 16);
  fw_restored forked{};
  CHECK(fw_template_forked(&tmpl.prepared(), &forked) == -EAGAIN);
  CHECK(forked.pid == -1);
  REQUIRE(::kill(tmpl.prepared().pid, SIGCONT) == 0);
  for (UniqueFd& log : logs) {
    REQUIRE(tmpl.await(&forked) == 0);
    const Outcome outcome = finish({Process(forked.pid, UniqueFd(forked.pidfd)), std::move(log)});
    CHECK(outcome.output == "pid 1, woken 2, descriptors 0 1 2");
  }
  CHECK(fw_template_forked(&tmpl.prepared(), &forked) == -EAGAIN);
}

TEST_CASE("A template that is killed tells of the forks it made, then is a broken pipe") {
  const Subject subject("inheritance");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  const UniqueFd log = some_log();
  REQUIRE(tmpl.order({}, log) == 0);
  pollfd answered{tmpl.prepared().socket, POLLIN, 0};
  REQUIRE(::poll(&answered, 1, 60'000) == 1);
  REQUIRE(::kill(tmpl.prepared().pid, SIGSTOP) == 0);
  for (int i = 0; i < 3; ++i) REQUIRE(tmpl.order({}, log) == 0);
  REQUIRE(::kill(tmpl.prepared().pid, SIGKILL) == 0);
  pollfd ended{tmpl.prepared().pidfd, POLLIN, 0};
  REQUIRE(::poll(&ended, 1, 60'000) == 1);

  fw_restored forked{};
  REQUIRE(tmpl.await(&forked) == 0);
  Process made(forked.pid, UniqueFd(forked.pidfd));
  CHECK(made.wait().has_value());
  CHECK(tmpl.await(&forked) == -EPIPE);
  CHECK(tmpl.await(&forked) == -EPIPE);
  CHECK(tmpl.order({}, log) == -EPIPE);
}

TEST_CASE("A template and a zygote end when their socket is closed") {
  const Subject subject("inheritance");
  Template tmpl(subject.guest.image(), Pids::kKept);
  finish(tmpl.fork());
  tmpl.close_socket();
  Result<std::optional<ExitStatus>> ended = tmpl.process().wait(60 * kNsPerSecond);
  REQUIRE(ended.has_value());
  REQUIRE(ended->has_value());
  CHECK((*ended)->describe() == "exited with code 0");
  CHECK(tmpl.said().empty());

  fw_prepared zygote{};
  REQUIRE(fw_zygote_start(nullptr, FW_RESTORE_PID_NAMESPACE, SIGKILL, &zygote) == 0);
  Process process(zygote.pid, UniqueFd(zygote.pidfd));
  ::close(zygote.socket);
  ended = process.wait(60 * kNsPerSecond);
  REQUIRE(ended.has_value());
  REQUIRE(ended->has_value());
  CHECK((*ended)->describe() == "exited with code 0");
}

TEST_CASE("A template learns which pages its forks look at, and these fault less") {
  const Subject subject("program_data");
  const Template tmpl(subject.guest.image(), Pids::kKept);
  Barrier barrier;
  const auto forked = [&](std::uint32_t flags) {
    Clone clone = tmpl.fork(barrier.fds(), {}, flags);
    barrier.wait();
    wait_until_asleep(clone);
    return clone;
  };
  Clone ignorant = forked(0);
  CHECK(fw_template_learn(&tmpl.prepared(), ignorant.process.pid()) == -ENOTSUP);
  Clone teacher = forked(FW_RESTORE_TEACHES);
  const int learnt = fw_template_learn(&tmpl.prepared(), teacher.process.pid());
  if (learnt == -ENOTSUP) {
    MESSAGE("skipped: this kernel has no asynchronous write protection by userfaultfd");
    return;
  }
  REQUIRE(learnt == 0);
  Clone pupil = forked(0);
  barrier.let_go();
  teacher.process.kill_and_reap();
  const Outcome untaught = finish(std::move(ignorant));
  const Outcome taught = finish(std::move(pupil));
  CHECK(untaught.exited_with(0));
  CHECK(taught.exited_with(0));
  CHECK(taught.status.usage.ru_minflt < untaught.status.usage.ru_minflt);
}

TEST_CASE("Whoever is killed takes templates and their forks along") {
  const Subject subject("program_data");
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  int ready[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  const UniqueFd arrivals(ready[0]);
  UniqueFd arrive(ready[1]);
  int go[2];
  REQUIRE(::pipe2(go, O_CLOEXEC) == 0);
  const UniqueFd wait_for_go(go[0]);
  const UniqueFd let_go(go[1]);  // held here, or the clone would go when its owner ends
  Process owner = start_child([&]() -> int {
    const Template tmpl(subject.guest.image(), Pids::kKept, SIGKILL);
    // The guest says that it is there and waits for a word that never comes.
    const Clone clone = tmpl.fork({{arrive.get(), 900}, {go[0], 901}});
    for (;;) ::pause();
  });
  arrive.reset();
  char byte = 0;
  REQUIRE(::read(arrivals.get(), &byte, 1) == 1);
  owner.kill_and_reap();
  // The two are this process's to reap now. The template may find its socket closed
  // before the signal comes.
  int killed = 0;
  int ended_by_itself = 0;
  for (int i = 0; i < 2; ++i) {
    int status = 0;
    REQUIRE(::waitpid(-1, &status, __WALL) > 0);
    killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 1 : 0;
    ended_by_itself += status == 0 ? 1 : 0;
  }
  CHECK(killed >= 1);
  CHECK(killed + ended_by_itself == 2);
  CHECK(::waitpid(-1, nullptr, __WALL) == -1);
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

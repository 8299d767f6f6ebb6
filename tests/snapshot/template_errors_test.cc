// What zygotes and templates refuse, and how that is told.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/clock.h"
#include "base/files.h"
#include "snapshot/restore/raw/message.h"
#include "tests/child.h"
#include "tests/snapshot/guest_runner.h"
#include "tests/snapshot/image_file.h"

using namespace fw;
using namespace fw::test;

namespace {

UniqueFd some_log() {
  Result<UniqueFd> log = create_memfd("clone-output");
  REQUIRE(log.has_value());
  return std::move(*log);
}

std::string end_of(Process& process) {
  Result<std::optional<ExitStatus>> ended = process.wait(60 * kNsPerSecond);
  REQUIRE(ended.has_value());
  return *ended ? (*ended)->describe() : "did not end";
}

const std::string kRefused = "exited with code " + std::to_string(FW_RESTORE_EXIT_REFUSED);

bool contains(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

rlimit limit_of(pid_t pid, __rlimit_resource what) {
  rlimit now{};
  REQUIRE(::prlimit(pid, what, nullptr, &now) == 0);
  return now;
}

}  // namespace

TEST_CASE("A damaged image is refused by the template, with the reason") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kKept));
  ImageFile copy(guest.image(), guest.folder() / "copy");
  copy.flip(copy.plan_offset() + copy.plan_bytes() / 2);
  Template tmpl(copy.path(), Pids::kKept);
  fw_restored forked{};
  const UniqueFd log = some_log();
  const int ordered = tmpl.order({}, log);  // it may have ended already
  CHECK((ordered == 0 || ordered == -EPIPE));
  CHECK(tmpl.await(&forked) == -EPIPE);
  CHECK(end_of(tmpl.process()) == kRefused);
  CHECK(contains(tmpl.said(), "altered: the plan's checksum does not match"));
}

TEST_CASE("A damaged image is refused by the zygote, with the reason") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kKept));
  ImageFile copy(guest.image(), guest.folder() / "copy");
  copy.set_size(copy.size() - 1);
  const Outcome outcome = finish(start_in_zygote(copy.path(), Pids::kKept));
  CHECK(outcome.status.describe() == kRefused);
  CHECK(contains(outcome.output, "truncated"));
}

TEST_CASE("An image captured outside a PID namespace is no template for forks in one") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kPatched));
  Template tmpl(guest.image(), Pids::kKept);
  CHECK(end_of(tmpl.process()) == kRefused);
  CHECK(contains(tmpl.said(), "captured outside a PID namespace"));
}

TEST_CASE("A message that is none of this build's is refused, with the reason") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kKept));
  raw::Message message{};
  message.magic = raw::kMessageMagic;
  message.kind = raw::MessageKind::kBecome;
  struct Case {
    std::string bytes;
    const char* reason;
  };
  std::vector<Case> cases{{"nonsense", "another build"}};
  const auto add = [&](const raw::Message& wrong, const char* reason) {
    cases.push_back({{reinterpret_cast<const char*>(&wrong), sizeof wrong}, reason});
  };
  add(message, "a template can only fork");
  message.kind = raw::MessageKind::kFork;
  message.fd_count = raw::kMaxOrderFds + 1;
  add(message, "too many descriptors");
  message.fd_count = 1;
  add(message, "descriptors are missing");
  message.targets[0] = -1;
  add(message, "negative number");
  message.magic += 1;
  add(message, "another build");
  for (const Case& wrong : cases) {
    CAPTURE(wrong.reason);
    Template tmpl(guest.image(), Pids::kKept);
    REQUIRE(::send(tmpl.prepared().socket, wrong.bytes.data(), wrong.bytes.size(), 0) ==
            static_cast<ssize_t>(wrong.bytes.size()));
    CHECK(end_of(tmpl.process()) == kRefused);
    CHECK(contains(tmpl.said(), wrong.reason));
  }

  fw_prepared zygote{};
  REQUIRE(fw_zygote_start(nullptr, FW_RESTORE_PID_NAMESPACE, 0, &zygote) == 0);
  Process process(zygote.pid, UniqueFd(zygote.pidfd));
  const UniqueFd socket(zygote.socket);
  message = {};
  message.magic = raw::kMessageMagic;
  message.kind = raw::MessageKind::kFork;
  REQUIRE(::send(zygote.socket, &message, sizeof message, 0) == sizeof message);
  CHECK(end_of(process) == kRefused);
}

TEST_CASE("A request that cannot be sent is an error of the call") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kKept));
  const Template tmpl(guest.image(), Pids::kKept);
  const UniqueFd log = some_log();
  CHECK(tmpl.order({{987, 20}}, log) == -EBADF);
  CHECK(tmpl.order({{log.get(), -1}}, log) == -EINVAL);
  CHECK(tmpl.order(std::vector<fw_restore_fd>(17, {0, 0}), log) == -E2BIG);
  CHECK(finish(tmpl.fork()).exited_with(0));

  fw_prepared prepared{};
  CHECK(fw_zygote_start("/nonexistent/restorer", FW_RESTORE_PID_NAMESPACE, 0, &prepared) ==
        -ENOENT);
  CHECK(prepared.socket == -1);
  fw_restore_request request{};
  request.image_fd = 987;
  CHECK(fw_template_start(&request, &prepared) == -EBADF);
  CHECK(prepared.pid == -1);
  request.image_fd = log.get();
  request.restorer_path = "/nonexistent/restorer";
  CHECK(fw_template_start(&request, &prepared) == -ENOENT);
}

TEST_CASE("A fork whose own restore fails says why and ends alone") {
  const Guest guest("handed_descriptors");
  REQUIRE(guest.capture(Pids::kKept));
  const Template tmpl(guest.image(), Pids::kKept);
  const UniqueFd log = some_log();
  const Outcome outcome = finish(tmpl.fork({{log.get(), 4}}));
  CHECK(outcome.status.describe() == kRefused);
  CHECK(contains(outcome.output, "lies among the image's own"));

  const Guest needy("external_ranges");
  REQUIRE(needy.capture(Pids::kKept));
  const Template other(needy.image(), Pids::kKept);
  for (int i = 0; i < 2; ++i) {
    const Outcome refused = finish(other.fork());
    CHECK(refused.status.describe() == kRefused);
    CHECK(contains(refused.output, "needs an external range"));
  }
}

TEST_CASE("A template that has no number for a descriptor says so and lives on") {
  const Guest guest("inheritance");
  REQUIRE(guest.capture(Pids::kKept));
  const Template tmpl(guest.image(), Pids::kKept);
  CHECK(finish(tmpl.fork()).exited_with(0));
  const pid_t pid = tmpl.prepared().pid;
  const rlimit before = limit_of(pid, RLIMIT_NOFILE);
  fw_restored forked{};
  // Its own five; the order brings three.
  for (const rlim_t limit : {5, 6, 7}) {
    const rlimit low{limit, before.rlim_max};
    REQUIRE(::prlimit(pid, RLIMIT_NOFILE, &low, nullptr) == 0);
    REQUIRE(tmpl.order({}, some_log()) == 0);
    CHECK(tmpl.await(&forked) == -EMFILE);
  }
  REQUIRE(::prlimit(pid, RLIMIT_NOFILE, &before, nullptr) == 0);
  CHECK(finish(tmpl.fork()).output == "pid 1, woken 2, descriptors 0 1 2");
}

TEST_CASE("A template that may make no more processes says so and lives on") {
  const ScratchFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  constexpr int kNotAllowed = 77;
  const ExitStatus ended = run_child([&] {
    constexpr uid_t kNobody = 65534;  // limits on processes are not for root
    if (::geteuid() == 0 && (::setresgid(kNobody, kNobody, kNobody) != 0 ||
                             ::setresuid(kNobody, kNobody, kNobody) != 0)) {
      return 1;
    }
    // Who changed its ids owns nothing of its own /proc folder until it says this.
    if (::prctl(PR_SET_DUMPABLE, 1) != 0) return 1;
    if (::access(FW_TEST_DIR "/guests/inheritance", X_OK) != 0) return kNotAllowed;
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    const Guest guest("inheritance");
    if (!guest.run(Pids::kPatched).exited_with(0)) return 2;
    const Template tmpl(guest.image(), Pids::kPatched);
    if (!finish(tmpl.fork()).exited_with(0)) return 3;
    const pid_t pid = tmpl.prepared().pid;
    const rlimit before = limit_of(pid, RLIMIT_NPROC);
    const rlimit none{0, before.rlim_max};
    if (::prlimit(pid, RLIMIT_NPROC, &none, nullptr) != 0) return 4;
    fw_restored forked{};
    if (tmpl.order({}, some_log()) != 0 || tmpl.await(&forked) != -EUSERS) return 5;
    if (::prlimit(pid, RLIMIT_NPROC, &before, nullptr) != 0) return 6;
    return finish(tmpl.fork()).exited_with(0) ? 0 : 7;
  });
  if (!ended.signalled && ended.value == kNotAllowed) {
    MESSAGE("skipped: who is not root has no access to the build");
    return;
  }
  CHECK(ended.describe() == "exited with code 0");
}

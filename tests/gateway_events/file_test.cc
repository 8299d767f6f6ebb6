// The file: who may open it, what is refused, and a disk that is full.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.h"
#include "gateway/events/database.h"
#include "tests/child.h"
#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::testing;
namespace fs = std::filesystem;

namespace {

std::optional<Result<pool::Served>> succeed(const pool::Call&) { return result(); }
std::optional<Result<pool::Served>> hold(const pool::Call&) { return std::nullopt; }

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Opening is refused and changes no byte.
Error refused(const fs::path& file) {
  ScriptedPool pool(succeed);
  const std::string before = read_text(file);
  const Result<std::unique_ptr<Queue>> queue = Queue::open(file, pool);
  REQUIRE_FALSE(queue);
  CHECK(contains(queue.error().message(), file.string()));
  CHECK(read_text(file) == before);
  return queue.error();
}

// A file with events that wait.
void fill(const fs::path& file, int events) {
  ScriptedPool pool(hold);
  const Result<std::unique_ptr<Queue>> queue = Queue::open(file, pool);
  REQUIRE(queue);
  for (int i = 0; i < events; ++i) {
    REQUIRE(submit(**queue, {"f", std::string(2000, 'x'), {}, {}, {}, 0}));
  }
}

}  // namespace

TEST_CASE("The file is for its owner alone, and closed with the queue") {
  const TempFolder temp;
  fill(temp / "events.db", 1);
  struct stat status {};
  REQUIRE(::stat((temp / "events.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(fs::exists(temp / "events.db-wal"));
  CHECK_FALSE(fs::exists(temp / "events.db-shm"));
}

TEST_CASE("A second queue on the same file is refused, of this process or another") {
  const TempFolder temp;
  const fs::path file = temp / "events.db";
  const auto is_refused = [&] {
    ScriptedPool pool(succeed);
    const Result<std::unique_ptr<Queue>> second = Queue::open(file, pool);
    return !second && second.error().code() == Errc::kBusy &&
           second.error().message() == "events: " + file.string() + " is in use by another process";
  };
  int open_now[2];
  REQUIRE(::pipe2(open_now, O_CLOEXEC) == 0);
  UniqueFd opened(open_now[0]);
  UniqueFd tell(open_now[1]);
  Process other = test::start_child([&] {
    ScriptedPool pool(succeed);
    const Result<std::unique_ptr<Queue>> queue = Queue::open(file, pool);
    if (queue) (void)write_all(tell.get(), "o");
    return ::pause();
  });
  tell.reset();
  char byte = 0;
  REQUIRE(::read(opened.get(), &byte, 1) == 1);
  CHECK(is_refused());
  other.kill_and_reap();

  ScriptedPool pool(succeed);
  Result<std::unique_ptr<Queue>> first = Queue::open(file, pool);
  REQUIRE(first);
  CHECK(is_refused());
  CHECK(submit(**first, {"f", "1", {}, {}, {}, 0}));
  first->reset();
  CHECK(Queue::open(file, pool));
}

TEST_CASE("A file that is no database is refused and left as it is") {
  const TempFolder temp;
  const fs::path file = temp / "events.db";
  write_text(file, std::string(5000, 'x'));
  const Error error = refused(file);
  CHECK(error.code() == Errc::kRefused);
  CHECK(contains(error.message(), "is damaged"));
  CHECK(contains(error.message(), "move it away to begin anew"));
}

TEST_CASE("A database of somebody else's, or of a later format, is refused") {
  const TempFolder temp;
  const fs::path file = temp / "events.db";
  {
    const Result<Database> database = Database::open(file, true);
    REQUIRE(database);
    REQUIRE(database->execute("CREATE TABLE other (x)"));
  }
  CHECK(contains(refused(file).message(), "is a database, but none of fwrun's events"));

  fs::remove(file);
  fill(file, 1);
  {
    const Result<Database> database = Database::open(file, false);
    REQUIRE(database->execute("PRAGMA user_version = 2"));
  }
  const Error later = refused(file);
  CHECK(later.code() == Errc::kRefused);
  CHECK(contains(later.message(), "has format 2, this fwrun reads format 1"));
}

TEST_CASE("A damaged page is found when the file is opened, and nothing is changed") {
  const TempFolder temp;
  const fs::path file = temp / "events.db";
  fill(file, 50);
  std::string bytes = read_text(file);
  for (std::size_t i = 4096 * 2; i < 4096 * 12; ++i) bytes[i] = static_cast<char>(i * 7);
  write_text(file, bytes);
  const Error error = refused(file);
  CHECK(error.code() == Errc::kRefused);
  CHECK(contains(error.message(), "is damaged"));
}

TEST_CASE("A folder that is missing is an error with its name") {
  const TempFolder temp;
  ScriptedPool pool(succeed);
  const Result<std::unique_ptr<Queue>> queue = Queue::open(temp / "none/events.db", pool);
  REQUIRE_FALSE(queue);
  CHECK(queue.error().code() == Errc::kSystem);
  CHECK(contains(queue.error().message(), "none/events.db: No such file or directory"));
  CHECK(Database::open(temp / "events.db", false).error().code() == Errc::kNotFound);
}

TEST_CASE("On a full disk a submission fails with the reason; what was accepted stays") {
  const TempFolder temp;
  constexpr int kNotAllowed = 77;
  const ExitStatus ended = test::run_child([&] {
    // A mount namespace of its own: nothing stays mounted, whatever happens.
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", temp.path().c_str(), "tmpfs", 0, "size=4m") != 0) {
      return kNotAllowed;
    }
    std::vector<std::string> accepted;
    ScriptedPool holding(hold);
    {
      Result<std::unique_ptr<Queue>> queue = Queue::open(temp / "events.db", holding);
      if (!queue) return 1;
      Result<Accepted> one = Accepted{};
      for (int i = 0; i < 1000; ++i) {
        one = submit(**queue, {"f", std::string(100'000, 'x'), {}, {}, {}, 0});
        if (!one) break;
        accepted.push_back(one->event_id);
      }
      if (one || one.error().code() != Errc::kSystem || one.error().sys_errno() != ENOSPC ||
          !contains(one.error().message(), "No space left on device")) {
        return 2;
      }
      if ((*queue)->stats().queued_now != accepted.size() || (*queue)->stats().rejected == 0) {
        return 3;
      }
    }
    // All that was accepted is delivered as soon as there is room, and nothing else.
    if (::mount("tmpfs", temp.path().c_str(), "tmpfs", MS_REMOUNT, "size=64m") != 0) return 4;
    ScriptedPool pool(succeed);
    Result<std::unique_ptr<Queue>> queue = Queue::open(temp / "events.db", pool);
    if (!queue) return 5;
    await_stats(**queue, [&](const EventStats& now) { return now.delivered == accepted.size(); });
    return pool.calls().size() == accepted.size() && (*queue)->stats().queued_now == 0 ? 0 : 6;
  });
  if (ended.value == kNotAllowed) {
    MESSAGE("skipped: mounting a small tmpfs needs root");
    return;
  }
  CHECK_MESSAGE(ended.value == 0, ended.describe());
}

TEST_CASE("Answers that cannot be written down on a full disk are written later") {
  const TempFolder temp;
  constexpr int kNotAllowed = 77;
  const ExitStatus ended = test::run_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", temp.path().c_str(), "tmpfs", 0, "size=8m") != 0) {
      return kNotAllowed;
    }
    ScriptedPool pool(hold);
    Result<std::unique_ptr<Queue>> queue = Queue::open(temp / "events.db", pool);
    if (!queue) return 1;
    for (int i = 0; i < 10; ++i) {
      if (!submit(**queue, {"f", "1", {}, {}, {}, 0})) return 2;
    }
    pool.await_calls(10);
    // To the last byte.
    write_text(temp / "filler", std::string(16 << 20, 'x'));
    const std::string large(200'000, 'x');
    if (submit(**queue, {"g", large, {}, {}, {}, 0})) return 3;
    pool.release(result());
    // The answers come, and a look at the queue fails or not, but none is lost.
    for (int i = 0; i < 20; ++i) (void)look_up(**queue, "none");
    fs::remove(temp / "filler");
    const EventStats stats =
        await_stats(**queue, [](const EventStats& now) { return now.delivered == 10; });
    return stats.queued_now == 0 ? 0 : 4;
  });
  if (ended.value == kNotAllowed) {
    MESSAGE("skipped: mounting a small tmpfs needs root");
    return;
  }
  CHECK_MESSAGE(ended.value == 0, ended.describe());
}

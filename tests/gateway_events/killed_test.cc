// Ten thousand events, submitted by one process to another that is killed by SIGKILL at
// random moments and started again: what was acknowledged is delivered at least once, and
// the dead letters are those that must be.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "gateway/events/table.h"
#include "tests/child.h"
#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::testing;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEvents = 10'000;
constexpr std::size_t kWindow = 256;  // submissions that are not acknowledged yet
constexpr int kKillsWhileDraining = 8;

// What an event does when it is delivered.
bool always_fails(std::uint32_t n) { return n % 10 == 0; }
bool fails_once(std::uint32_t n) { return n % 10 == 1; }
bool meets_a_busy_pool(std::uint32_t n) { return n % 10 == 2; }
bool has_key(std::uint32_t n) { return n % 3 == 0; }

struct Acknowledgement {
  std::uint32_t n;
  std::array<char, 40> event_id;
};

// How often each event was delivered, in memory that outlives the killed.
class Deliveries {
 public:
  Deliveries() {
    void* memory =
        ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FW_CHECK(memory != MAP_FAILED, "a test can have shared memory");
    counts_ = static_cast<std::atomic<std::uint32_t>*>(memory);
  }
  ~Deliveries() { ::munmap(static_cast<void*>(counts_), kBytes); }
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;
  std::atomic<std::uint32_t>& of(std::uint32_t n) { return counts_[n]; }

 private:
  static constexpr std::size_t kBytes = kEvents * sizeof(std::atomic<std::uint32_t>);
  std::atomic<std::uint32_t>* counts_;
};

std::optional<Result<pool::Served>> deliver(Deliveries& deliveries, const pool::Call& call) {
  const auto n = static_cast<std::uint32_t>(std::stoul(call.arguments));
  const std::uint32_t before = deliveries.of(n)++;
  if (always_fails(n)) return error("{}");
  if (fails_once(n) && before == 0) return error("{}");
  if (meets_a_busy_pool(n) && before == 0) return fail(Errc::kBusy, "not now");
  return result();
}

// The process that is killed: acknowledges what comes over the socket; at its end it waits
// until everything is delivered, and leaves.
int run_daemon(const std::filesystem::path& file, int socket, Deliveries& deliveries) {
  ScriptedPool pool([&](const pool::Call& call) { return deliver(deliveries, call); });
  Options options;
  options.retry_after_ms = {1, 2};
  options.busy_backoff_ms = 1;
  options.max_busy_backoff_ms = 4;
  const Result<std::unique_ptr<Queue>> queue = Queue::open(file, pool, options);
  if (!queue) return 2;
  std::uint32_t n = 0;
  while (::recv(socket, &n, sizeof n, 0) == sizeof n) {
    Event event{"f" + std::to_string(n % 3), std::to_string(n), {}, {}, {}, 0};
    if (has_key(n)) event.idempotency_key = "key " + std::to_string(n);
    (*queue)->submit(std::move(event), [socket, n](const Result<Accepted>& accepted) {
      if (!accepted) return;
      Acknowledgement told{n, {}};
      std::strncpy(told.event_id.data(), accepted->event_id.c_str(), told.event_id.size() - 1);
      (void)::send(socket, &told, sizeof told, MSG_NOSIGNAL);
    });
  }
  await_stats(**queue, [](const EventStats& now) { return now.queued_now == 0; });
  (*queue)->close(60'000);
  return 0;
}

// The client: what it has to submit, and what was acknowledged.
struct Client {
  std::deque<std::uint32_t> todo;
  std::set<std::uint32_t> outstanding;
  std::map<std::string, std::uint32_t> acknowledged;  // event ids
  std::map<std::uint32_t, std::set<std::string>> ids;

  bool done() const { return todo.empty() && outstanding.empty(); }

  void send(int socket) {
    while (!todo.empty() && outstanding.size() < kWindow) {
      const std::uint32_t n = todo.front();
      if (::send(socket, &n, sizeof n, MSG_NOSIGNAL) != sizeof n) return;
      todo.pop_front();
      outstanding.insert(n);
    }
  }
  // False when none is there.
  bool receive(int socket) {
    Acknowledgement told{};
    if (::recv(socket, &told, sizeof told, MSG_DONTWAIT) != sizeof told) return false;
    acknowledged.emplace(told.event_id.data(), told.n);
    ids[told.n].insert(told.event_id.data());
    outstanding.erase(told.n);
    return true;
  }
  // Nobody knows whether these were accepted.
  void submit_again() {
    todo.insert(todo.end(), outstanding.begin(), outstanding.end());
    outstanding.clear();
  }
};

struct Daemon {
  UniqueFd socket;
  Process process;

  Daemon(const std::filesystem::path& file, Deliveries& deliveries) {
    int ends[2];
    FW_CHECK(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "a test can talk");
    socket = UniqueFd(ends[0]);
    UniqueFd theirs(ends[1]);
    process = test::start_child([&] {
      socket.reset();
      return run_daemon(file, theirs.get(), deliveries);
    });
  }
};

int wait_readable(int fd, Clock::time_point until) {
  pollfd wanted{fd, POLLIN, 0};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  return ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

// One life of the daemon, until it is killed or all is acknowledged.
void live(Daemon& daemon, Client& client, std::mt19937& random) {
  const std::size_t enough = client.acknowledged.size() + random() % 600;
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(20 + random() % 400);
  while (!client.done() && client.acknowledged.size() < enough && Clock::now() < until) {
    client.send(daemon.socket.get());
    (void)wait_readable(daemon.socket.get(), until);
    while (client.receive(daemon.socket.get())) {
    }
  }
  daemon.process.kill_and_reap();
  // What it had told before it died counts.
  while (client.receive(daemon.socket.get())) {
  }
  client.submit_again();
}

}  // namespace

TEST_CASE("Whenever the daemon is killed, no acknowledged event is lost") {
  const TempFolder temp;
  const std::filesystem::path file = temp / "events.db";
  Deliveries deliveries;
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Client client;
  for (std::uint32_t n = 0; n < kEvents; ++n) client.todo.push_back(n);

  int lives = 0;
  for (; !client.done(); ++lives) {
    Daemon daemon(file, deliveries);
    live(daemon, client, random);
  }
  for (int i = 0; i < kKillsWhileDraining; ++i, ++lives) {
    Daemon daemon(file, deliveries);
    (void)wait_readable(daemon.process.pidfd(),
                        Clock::now() + std::chrono::milliseconds(random() % 200));
    daemon.process.kill_and_reap();
  }
  MESSAGE("the daemon was killed " << lives << " times");
  CHECK(lives > kKillsWhileDraining + 5);

  Daemon last(file, deliveries);
  REQUIRE(::shutdown(last.socket.get(), SHUT_WR) == 0);
  const auto ended = last.process.wait();
  REQUIRE(ended);
  REQUIRE_MESSAGE((*ended)->value == 0, (*ended)->describe());

  std::uint64_t total = 0;
  for (std::uint32_t n = 0; n < kEvents; ++n) {
    REQUIRE_MESSAGE(deliveries.of(n) >= (always_fails(n) ? 3U : 1U), "event " << n);
    REQUIRE_FALSE(client.ids[n].empty());
    // However often it was submitted, an event with a key is one.
    if (has_key(n)) REQUIRE(client.ids[n].size() == 1);
    total += deliveries.of(n);
  }
  MESSAGE(kEvents << " events, " << total << " deliveries");

  Result<EventTable> table = EventTable::open(file, false, true);
  REQUIRE(table);
  CHECK(table->count()->waiting == 0);
  const Result<std::vector<DeadLetter>> letters = table->dead_letters({}, 2 * kEvents);
  REQUIRE(letters);
  std::set<std::string> dead;
  for (const DeadLetter& letter : *letters) {
    const auto n = static_cast<std::uint32_t>(std::stoul(letter.arguments));
    REQUIRE(always_fails(n));
    REQUIRE(letter.reason == "attempts");
    REQUIRE(letter.attempts.size() == 3);
    REQUIRE(dead.insert(letter.event_id).second);
    // Without a key an event may have been accepted by one that died before it said so.
    const bool told = client.ids[n].contains(letter.event_id);
    if (has_key(n)) REQUIRE(told);
  }
  for (const auto& [id, n] : client.acknowledged) {
    if (always_fails(n)) REQUIRE(dead.contains(id));
  }
}

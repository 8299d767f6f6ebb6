#include "gateway/http/server.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>

#include "gateway/http/address.h"
#include "gateway/http/lane.h"
#include "gateway/http/listen.h"
#include "gateway/http/state.h"

namespace fw::gateway::http {

namespace {

// Runs `task` for each lane on its worker's thread and waits for all. A worker whose loop
// has ended has no thread that could get in the way: its part is done here.
void on_all(const std::vector<std::shared_ptr<Lane>>& lanes,
            const std::function<void(Lane&)>& task) {
  struct Waiting {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<bool> done;
  };
  const auto waiting = std::make_shared<Waiting>();
  waiting->done.resize(lanes.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    boost::asio::post(lanes[i]->loop(), [lane = lanes[i], task, waiting, i] {
      {
        const std::lock_guard lock(waiting->mutex);
        if (waiting->done[i]) return;
      }
      task(*lane);
      const std::lock_guard lock(waiting->mutex);
      waiting->done[i] = true;
      waiting->changed.notify_all();
    });
  }
  std::unique_lock lock(waiting->mutex);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    while (!waiting->done[i]) {
      waiting->changed.wait_for(lock, std::chrono::milliseconds(100));
      if (waiting->done[i] || !lanes[i]->loop().stopped()) continue;
      waiting->done[i] = true;
      task(*lanes[i]);
    }
  }
}

// One for each lane, of all addresses.
using Sockets = std::vector<std::vector<UniqueFd>>;

}  // namespace

Result<std::unique_ptr<Server>> Server::start(pool::Pool& pool, const Routes& routes,
                                              ServerOptions options) {
  std::unique_ptr<Server> server(new Server);
  const std::vector<pool::Worker*>& workers = pool.workers();
  auto sockets = std::make_shared<Sockets>(workers.size());
  for (const std::string& text : options.addresses) {
    FW_TRY_ASSIGN(const Address address, parse_address(text));
    FW_TRY_ASSIGN(std::vector<UniqueFd> together,
                  listen_together(address, static_cast<unsigned>(workers.size())));
    FW_TRY_ASSIGN(const Address chosen, local_address(together.front().get()));
    server->addresses_.push_back(to_text(chosen));
    for (std::size_t i = 0; i < workers.size(); ++i) {
      (*sockets)[i].push_back(std::move(together[i]));
    }
  }
  if (!options.unix_socket.empty()) {
    FW_TRY_ASSIGN(UnixListener listener, UnixListener::open(options.unix_socket));
    server->unix_listener_ = std::make_unique<UnixListener>(std::move(listener));
  }

  if (!options.counters) options.counters = std::make_shared<Counters>();
  server->state_ =
      std::make_shared<ServerState>(routes, options.limits, std::move(options.counters));
  for (pool::Worker* const worker : workers) {
    server->lanes_.push_back(std::make_shared<Lane>(*worker, server->state_));
    server->state_->lanes.emplace_back(server->lanes_.back());
  }
  UnixListener* const unix_listener = server->unix_listener_.get();
  on_all(server->lanes_, [&lanes = server->lanes_, sockets, unix_listener](Lane& lane) {
    std::size_t index = 0;
    while (lanes[index].get() != &lane) ++index;
    for (UniqueFd& socket : (*sockets)[index]) lane.listen(std::move(socket), Lane::Kind::kTcp);
    if (index == 0 && unix_listener != nullptr) {
      lane.listen(std::move(unix_listener->socket()), Lane::Kind::kUnix);
    }
  });
  return server;
}

Server::~Server() { (void)drain(0); }

bool Server::drain(std::uint64_t patience_ms) {
  if (!state_ || ended_) return true;  // it did not come to start
  ended_ = true;
  state_->draining = true;
  // While the socket still listens: see remove_file().
  if (unix_listener_) unix_listener_->remove_file();
  on_all(lanes_, [](Lane& lane) {
    lane.stop_listening();
    lane.close_idle();
  });
  bool gone = false;
  {
    std::unique_lock lock(state_->mutex);
    gone = state_->changed.wait_for(lock, std::chrono::milliseconds(patience_ms),
                                    [&] { return state_->connections.load() == 0; });
  }
  on_all(lanes_, [](Lane& lane) { lane.close_all(); });
  return gone;
}

bool Server::draining() const { return state_->draining.load(); }
const Counters& Server::counters() const { return *state_->counters; }

}  // namespace fw::gateway::http

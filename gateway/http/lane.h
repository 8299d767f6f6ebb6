// Lane: the part of a server that one worker runs. It accepts connections, keeps the
// sessions of that worker and, each second, looks which of them have lasted too long:
// one timer for all, instead of one for each read.
#pragma once

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <list>
#include <memory>

#include "base/unique_fd.h"
#include "gateway/http/answer_text.h"
#include "gateway/http/state.h"

namespace fw::gateway::http {

using Loop = boost::asio::io_context;

class Session;
struct Peer;

// Its worker's thread, unless said otherwise. Handlers in the loop hold it.
class Lane final : public std::enable_shared_from_this<Lane> {
 public:
  Lane(pool::Worker& worker, std::shared_ptr<ServerState> server);
  ~Lane();

  enum class Kind { kTcp, kUnix };
  void listen(UniqueFd socket, Kind kind);

  // Accepts no more; those that wait in the sockets are still taken.
  void stop_listening();

  void close_idle();
  void close_all();

  // For its sessions.
  pool::Worker& worker() { return worker_; }
  Loop& loop() { return worker_.loop(); }
  ServerState& server() { return *server_; }
  std::string_view date() { return date_.now(); }
  std::array<char, 64 << 10>& buffer() { return buffer_; }  // for what is received at once
  std::string& text() { return text_; }                     // for the head of an answer
  void forget(std::list<std::shared_ptr<Session>>::iterator place);

  // Any thread.
  std::uint32_t connections() const { return connections_.load(std::memory_order_relaxed); }

 private:
  struct Listener {
    Listener(Loop& loop, UniqueFd fd, Kind its_kind)
        : socket(loop.get_executor(), fd.release()), kind(its_kind) {}
    boost::asio::posix::basic_stream_descriptor<Loop::executor_type> socket;
    Kind kind;
    bool stalled = false;  // for want of descriptors or memory; the sweep tries again
  };
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                        boost::asio::wait_traits<std::chrono::steady_clock>,
                                        Loop::executor_type>;

  void wait_to_accept(Listener& listener);
  void accept_some(Listener& listener);
  void admit(UniqueFd socket, Kind kind, const sockaddr_storage& from);
  Lane& least_busy();
  void adopt(UniqueFd socket, Peer peer);
  void schedule_sweep();
  void sweep();

  pool::Worker& worker_;
  const std::shared_ptr<ServerState> server_;
  std::list<Listener> listeners_;
  std::list<std::shared_ptr<Session>> sessions_;
  std::atomic<std::uint32_t> connections_{0};
  std::optional<Timer> timer_;  // until the server ends
  bool sweeping_ = false;
  DateText date_;
  std::array<char, 64 << 10> buffer_;
  std::string text_;
};

}  // namespace fw::gateway::http

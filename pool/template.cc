#include "pool/template.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "store/namespaces.h"

namespace fw::pool {

Result<std::unique_ptr<Template>> Template::start(std::shared_ptr<const LoadedVersion> version,
                                                  EventSet& events, Forked forked) {
  std::unique_ptr<Template> made(new Template(std::move(version), events, std::move(forked)));
  FW_TRY_ASSIGN(made->output_, store::Output::create());
  std::array<fw_restore_fd, 2> fds{{{made->output_.out.get(), 1}, {made->output_.err.get(), 2}}};
  fw_restore_request request{};
  request.image_fd = made->version_->image.get();
  request.pid_mode = FW_RESTORE_PID_NAMESPACE;
  request.fds = fds.data();
  request.fd_count = fds.size();
  request.pack_fd = std::max(made->version_->pack.get(), 0);
  request.restorer_path = made->version_->restorer.c_str();
  request.parent_death_signal = SIGKILL;
  const int error = fw_template_start(&request, &made->prepared_);
  if (error != 0 && store::denies_namespaces(-error)) return fail(store::no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a template", -error));
  made->process_ = Process(made->prepared_.pid, UniqueFd(made->prepared_.pidfd));
  made->socket_ = UniqueFd(made->prepared_.socket);
  Template* self = made.get();
  FW_TRY_ASSIGN(made->event_, events.add(made->socket_.get(), EventSet::Mode::kLevel,
                                         [self] { self->on_answers(); }));
  return made;
}

Template::~Template() {
  if (event_ != EventSet::kNone) events_.remove(socket_.get(), event_);
}

bool Template::order(Clone& clone) {
  if (!socket_) return false;
  has_teacher_ = has_teacher_ || clone.teaches;
  waiting_.push_back(&clone);
  send_waiting();
  return true;
}

void Template::learn_from(const Clone& clone) {
  // Where the kernel cannot tell, forks go on as they are.
  if (socket_) (void)fw_template_learn(&prepared_, static_cast<int>(clone.process().pid()));
}

void Template::send_waiting() {
  while (!waiting_.empty() && socket_) {
    Clone::Order order;
    waiting_.front()->fill(order);
    const int error = fw_template_fork(&prepared_, &order.request);
    if (error == -EAGAIN) return;  // when answers have come, there is room
    if (error != 0) return give_up();
    sent_.push_back(waiting_.front());
    waiting_.pop_front();
  }
}

void Template::on_answers() {
  while (socket_ && !sent_.empty()) {
    fw_restored restored{};
    const int error = fw_template_forked(&prepared_, &restored);
    if (error == -EAGAIN) break;
    if (error == -EPIPE) return give_up();
    Clone* clone = sent_.front();
    sent_.pop_front();
    if (error == 0) {
      forked_(*clone, Process(restored.pid, UniqueFd(restored.pidfd)));
    } else {
      forked_(*clone, fail(Error::from_errno("fork the function's template", -error)));
    }
  }
  if (sent_.empty() && socket_ && waiting_.empty()) {
    // Nothing is awaited: only its end can make the socket readable.
    fw_restored none{};
    if (fw_template_forked(&prepared_, &none) == -EPIPE) return give_up();
  }
  send_waiting();
}

Error Template::why_ended() {
  process_.send_signal(SIGKILL);
  const Result<std::optional<ExitStatus>> ended = process_.wait();
  store::Invoked unused;
  if (ended && *ended) {
    if (Status told = store::fill_ended(unused, **ended, output_, false); !told) {
      return told.error();
    }
    return {Errc::kDied, "the function's template " + (*ended)->describe()};
  }
  return {Errc::kDied, "the function's template has ended"};
}

// It has ended, or cannot be talked to.
void Template::give_up() {
  events_.remove(socket_.get(), std::exchange(event_, EventSet::kNone));
  socket_.reset();
  const Error why = why_ended();
  std::deque<Clone*> orphans = std::exchange(sent_, {});
  orphans.insert(orphans.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
  for (Clone* clone : orphans) forked_(*clone, fail(why));
}

}  // namespace fw::pool

// Template: a version's image, mapped once in a process that only forks. Orders are sent
// without waiting; what becomes of them is told later, in order.
//
// For its worker's thread. The destructor kills and reaps the process.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "base/process.h"
#include "pool/clone.h"
#include "pool/event_set.h"
#include "pool/loaded_version.h"

namespace fw::pool {

class Template {
 public:
  // Told of each order: the process, or why there is none (kSystem; kRefused with the
  // restorer's reason; kDied when the template ended).
  using Forked = std::function<void(Clone&, Result<Process>)>;

  static Result<std::unique_ptr<Template>> start(std::shared_ptr<const LoadedVersion> version,
                                                 EventSet& events, Forked forked);
  ~Template();
  Template(const Template&) = delete;
  Template& operator=(const Template&) = delete;

  // Orders a process for the clone, which must live until it was told of. False when the
  // template has ended.
  bool order(Clone& clone);

  // Later forks start with the pages that this one, ordered as `teaches`, looked at.
  void learn_from(const Clone& clone);

  // Whether some order was of a clone that teaches.
  bool has_teacher() const { return has_teacher_; }

  // Orders that are not answered yet.
  std::size_t outstanding() const { return sent_.size() + waiting_.size(); }

 private:
  Template(std::shared_ptr<const LoadedVersion> version, EventSet& events, Forked forked)
      : version_(std::move(version)), events_(events), forked_(std::move(forked)) {}

  void on_answers();
  void send_waiting();
  void give_up();
  Error why_ended();

  std::shared_ptr<const LoadedVersion> version_;
  EventSet& events_;
  Forked forked_;
  store::Output output_;
  UniqueFd socket_;
  Process process_;
  fw_prepared prepared_{-1, -1, -1};
  EventSet::Id event_ = EventSet::kNone;
  bool has_teacher_ = false;
  std::deque<Clone*> sent_;
  std::deque<Clone*> waiting_;  // the socket was full
};

}  // namespace fw::pool

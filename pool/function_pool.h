// FunctionPool: one function on one worker: its template, its clones, and the invocations
// that wait for one. Decides which clone serves what.
//
// For its worker's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "pool/clone.h"
#include "pool/policy.h"
#include "pool/template.h"
#include "pool/worker_parts.h"

namespace fw::pool {

class FunctionPool {
 public:
  FunctionPool(std::string name, WorkerParts& parts);
  ~FunctionPool();
  FunctionPool(const FunctionPool&) = delete;
  FunctionPool& operator=(const FunctionPool&) = delete;

  // Serves it by the cheapest tier there is; its `done` is called later.
  // `forwarded`: another worker sent it, and it is not sent on.
  void invoke(Pending pending, bool forwarded);

  // Ends what is overdue. The earliest deadline that is left; 0: none.
  std::uint64_t time_out(std::uint64_t now_ns);

  // Once a second: ends clones and a template that were idle for long, reads the policy.
  void tick(std::uint64_t now_ns);

  // For want of memory. False when there was nothing of the kind.
  bool shed_clone();
  bool shed_template();

  // No more clones are started; idle ones end.
  void close();
  // What is under way is answered with kClosing.
  void abort();
  // Nothing of it is left, nor was it used of late.
  bool forgettable(std::uint64_t now_ns) const;
  bool has_processes() const { return !clones_.empty() || template_ != nullptr; }
  std::uint64_t last_used_ns() const { return last_used_ns_; }
  std::size_t idle() const { return parked_.size(); }
  std::size_t running() const { return running_; }

 private:
  Status refresh();
  void retire_version();
  bool may_start() const;
  bool send_elsewhere(Pending& pending, bool forwarded);
  void start_clone(std::optional<Pending> pending);
  bool forks(bool with_call) const;
  Status start_process(Clone& clone, bool fork);
  Status start_template();
  void on_forked(Clone& clone, Result<Process> process);
  Status watch(Clone& clone);
  Status watch_death(Clone& clone);
  void on_event(Clone& clone);
  void settle(Clone& clone, Result<Served> result);
  void recycle(Clone& clone);
  void park(Clone& clone);
  void serve_with(Clone& clone, Pending pending);
  Clone& pop_parked();
  args::After after_answer() const;
  void serve_queue();
  void keep_ahead();
  std::size_t wanted_ahead() const;
  void doom(Clone& clone);
  void erase(Clone& clone);
  void answer(Pending pending, Result<Served> result);
  void answer_later(Pending pending, Error error);
  void record(const Result<Served>& result, const Clone& clone);
  void publish();

  const std::string name_;
  const std::string link_;  // to the version that serves
  WorkerParts& parts_;
  std::shared_ptr<FunctionShared> shared_;
  FunctionStats& stats_;
  Policy policy_;
  std::shared_ptr<const LoadedVersion> version_;
  std::unique_ptr<Template> template_;
  std::unordered_map<Clone*, std::unique_ptr<Clone>> clones_;  // doomed ones, too
  std::vector<Clone*> parked_;                                 // the last used at the end
  std::vector<Clone*> taught_;                                 // their template; to be ended
  std::deque<Pending> queue_;
  std::size_t running_ = 0;
  std::size_t starting_ahead_ = 0;
  std::size_t peak_running_ = 0;  // since the last tick
  double mean_handler_us_ = 0;
  std::uint64_t last_used_ns_ = 0;
  bool template_broken_ = false;  // of this version: not tried again
  bool closing_ = false;
};

}  // namespace fw::pool

// Host: the process as the core sees it. One object, made by whoever hosts the
// core (our embedder; a launcher of a stock node) before JavaScript runs, living
// until the process ends. The core itself is Node-API only: it includes neither
// v8.h nor node.h, so that it loads into any node from 18 on.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "args/repository.h"
#include "embed/host_snapshot.h"
#include "embed/job.h"

namespace fw::v8host {

// What becomes of answers and console output.
enum class Mode {
  kInstalling,  // kept here: they belong to training calls
  kServing,     // go to the requester: this process was restored
};

struct Host {
  explicit Host(embed::HostSnapshot its_snapshot) : snapshot(std::move(its_snapshot)) {}

  embed::Job job;
  embed::HostSnapshot snapshot;

  // Called right before the capture with no JavaScript in between, and right
  // after a restore before any JavaScript. Set by the embedder for what needs
  // the engine's own interface.
  std::function<void()> before_capture = [] {};
  std::function<void()> after_restore = [] {};

  Mode mode = Mode::kInstalling;

  // The invocation taken last.
  std::string request_id;
  std::uint64_t deadline_ns = 0;  // CLOCK_MONOTONIC; set also when the requester set none

  // Of the training call under way: whether it went through the slot, what it
  // answered, and the end of what it wrote to the console.
  bool trained_in_slot = false;
  args::Outcome trained_outcome = args::Outcome::kError;
  std::string trained_answer;
  std::string trained_log;
};

// Answers the install (not an invocation) and ends this process. For any thread,
// at any moment: it runs no JavaScript and no destructor.
[[noreturn]] void finish_install(Host& host, args::Outcome outcome, std::string_view body);

}  // namespace fw::v8host

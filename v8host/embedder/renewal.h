// Renewal: gives each restored process random numbers and clocks of its own,
// before any of its JavaScript runs.
#pragma once

#include "v8host/core/host.h"
#include "v8host/embedder/math_random.h"
#include "v8host/embedder/platform.h"

namespace fw::v8host {

class Renewal {
 public:
  // Lives until the process ends; one per process.
  Renewal(v8::Isolate* isolate, Platform& platform) : random_(isolate), platform_(platform) {}

  // Registers with the host and the snapshot library.
  Status arm(Host& host);

  MathRandom& random() { return random_; }

 private:
  void before_capture();
  static void on_restore(void* self);
  static void renew_worker(v8::Isolate* isolate, void*);

  MathRandom random_;
  Platform& platform_;
  std::vector<v8::Isolate*> isolates_;  // at the capture, ours included
};

}  // namespace fw::v8host

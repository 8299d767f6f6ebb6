// JitReceipt: which of the functions that were optimised when the process was captured
// have lost that code since.
//
// One per process, living until it ends; for the main thread.
#pragma once

#include <v8.h>

#include <cstdint>
#include <string>
#include <vector>

#include "v8host/core/host.h"
#include "v8host/embedder/deopt_trace.h"

namespace fw::v8host {

class JitReceipt {
 public:
  // A function of the user's code or of its dependencies.
  struct Known {
    v8::Global<v8::Function> fn;
    std::string name;
    std::string file;
    int line = 0;
    std::uintptr_t shared = 0;  // at the capture; see shared_of()
  };

  JitReceipt(v8::Isolate* isolate, Host& host) : isolate_(isolate), host_(host) {}

  Host& host() const { return host_; }

  // Has restored processes tell what they lost with each answer.
  void arm();

  // Before the capture. `optimised`: the functions that have optimised code now.
  // `probe` has just lost its own to a bailout, which tells the number of V8's last
  // compilation. `is_optimised`: fn -> boolean. False when the trace does not
  // tell: then no invocation will say that it ran compiled code.
  bool record(std::vector<Known> optimised, v8::Local<v8::Function> probe,
              v8::Local<v8::Function> is_optimised);

  // The address by which the trace names a function. The collector may change it,
  // though only by compacting the heap.
  static std::uintptr_t shared_of(v8::Local<v8::Function> function);

 private:
  void collect();
  const Known* known(std::uintptr_t shared) const;
  bool still_optimised(const Known& known) const;
  void note(const LostCode& lost, const Known* known);

  v8::Isolate* isolate_;
  Host& host_;
  std::vector<Known> known_;
  std::uint64_t last_compilation_ = 0;  // before the capture
  v8::Global<v8::Function> is_optimised_;
};

}  // namespace fw::v8host

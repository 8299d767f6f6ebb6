// Math.random() of restored processes.
//
// V8 keeps one generator per isolate, which seeds a state and a cache of 64
// numbers per context (the main one, and each that vm.createContext() makes). A
// snapshot would copy all three. So the caches are emptied right before the
// capture, and each restored process gives the isolates' generators new seeds: the
// first Math.random() in any context then starts from there.
#pragma once

#include <v8.h>

#include <vector>

namespace fw::v8host {

class MathRandom {
 public:
  explicit MathRandom(v8::Isolate* isolate) : isolate_(isolate) {}

  // Adds a context of the isolate, once or more often; it may go at any time.
  void add(v8::Local<v8::Context> context);

  // Right before the capture, on the isolate's thread: no JavaScript may follow.
  void empty_caches();

  // In a restored process, with any thread's isolate. Neither allocates nor locks.
  // Its generator must exist: see prepare().
  static void reseed(v8::Isolate* isolate);
  static void prepare(v8::Isolate* isolate);

 private:
  v8::Isolate* isolate_;
  std::vector<v8::Global<v8::Context>> contexts_;  // weak
};

}  // namespace fw::v8host

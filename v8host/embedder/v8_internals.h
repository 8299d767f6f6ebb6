// What we need of V8 10.2 and node 18 beyond their public headers: declarations
// of symbols that Debian's libnode exports. Everything that relies on them is in
// math_random.cc, live_functions.cc, event_loop.cc and clocks.cc, and a mismatch
// shows at link time, as the names carry their types.
#pragma once

#include <v8.h>

#include <cstdint>

// NOLINTBEGIN(readability-identifier-naming): the names are V8's.

namespace v8 {

template <typename V, typename Traits>
class PersistentValueVector;
class DefaultPersistentValueVectorTraits;

namespace debug {

class QueryObjectPredicate {
 public:
  virtual ~QueryObjectPredicate() = default;
  virtual bool Filter(v8::Local<v8::Object> object) = 0;
};

// Collects garbage and forgets all type feedback, then calls the predicate with
// each object of the heap. `objects` is used when the predicate returns true.
void QueryObjects(
    v8::Local<v8::Context> context, QueryObjectPredicate* predicate,
    v8::PersistentValueVector<v8::Object, v8::DefaultPersistentValueVectorTraits>* objects);

}  // namespace debug

namespace base {

class RandomNumberGenerator {
 public:
  void SetSeed(std::int64_t seed);
};

}  // namespace base

namespace internal {

class Isolate {
 public:
  // Makes the generator at the first call: that one allocates.
  v8::base::RandomNumberGenerator* random_number_generator();
};

// A tagged pointer, as V8 passes objects.
class Context {
 public:
  std::uintptr_t pointer;
};

class MathRandom {
 public:
  // Empties the context's cache of numbers: the next Math.random() draws a new
  // state from the isolate's generator.
  static void ResetContext(Context native_context);
};

// The class behind v8::MicrotaskQueue.
class MicrotaskQueue {
 public:
  int RunMicrotasks(Isolate* isolate);
};

}  // namespace internal
}  // namespace v8

// NOLINTEND(readability-identifier-naming)

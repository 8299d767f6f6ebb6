#include "v8host/embedder/math_random.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdint>

#include "base/clock.h"
#include "v8host/embedder/v8_internals.h"

namespace fw::v8host {

namespace {

v8::internal::Isolate* internals(v8::Isolate* isolate) {
  return reinterpret_cast<v8::internal::Isolate*>(isolate);
}

}  // namespace

void MathRandom::add(v8::Local<v8::Context> context) {
  const bool known = std::any_of(contexts_.begin(), contexts_.end(),
                                 [&](const auto& one) { return one == context; });
  if (known) return;
  contexts_.emplace_back(isolate_, context).SetWeak();
}

void MathRandom::empty_caches() {
  const v8::HandleScope handles(isolate_);
  for (const v8::Global<v8::Context>& one : contexts_) {
    const v8::Local<v8::Context> context = one.Get(isolate_);
    if (context.IsEmpty()) continue;
    // A handle is the address of a tagged pointer.
    v8::internal::MathRandom::ResetContext({*reinterpret_cast<std::uintptr_t*>(*context)});
  }
}

void MathRandom::prepare(v8::Isolate* isolate) { internals(isolate)->random_number_generator(); }

void MathRandom::reseed(v8::Isolate* isolate) {
  std::int64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) {
    // Cannot happen once the kernel's pool is initialised; the clock still differs
    // between any two processes.
    seed = static_cast<std::int64_t>(monotonic_ns());
  }
  internals(isolate)->random_number_generator()->SetSeed(seed);
}

}  // namespace fw::v8host

#include "v8host/embedder/code_sizes.h"

#include <string_view>
#include <utility>

namespace fw::v8host {

namespace {

// V8's handler has no argument of its own.
std::vector<CodeSize> made;

// Names are "KIND:*NAME FILE:LINE" for optimised code; other tiers have other marks than
// the star.
void on_code(const v8::JitCodeEvent* event) {
  if (event->type != v8::JitCodeEvent::CODE_ADDED ||
      event->code_type != v8::JitCodeEvent::JIT_CODE) {
    return;
  }
  const std::string_view name(event->name.str, event->name.len);
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos || !name.substr(colon + 1).starts_with('*')) return;
  made.push_back({std::string(name.substr(colon + 2)), event->code_len});
}

}  // namespace

void begin_code_sizes(v8::Isolate* isolate) {
  made.clear();
  isolate->SetJitCodeEventHandler(v8::kJitCodeEventDefault, on_code);
}

std::vector<CodeSize> end_code_sizes(v8::Isolate* isolate) {
  isolate->SetJitCodeEventHandler(v8::kJitCodeEventDefault, nullptr);
  return std::exchange(made, {});
}

}  // namespace fw::v8host

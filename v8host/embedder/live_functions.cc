#include "v8host/embedder/live_functions.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "v8host/embedder/v8_internals.h"

namespace fw::v8host {

namespace {

std::string to_text(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  const v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? std::string() : std::string(*text, text.length());
}

class Collector final : public v8::debug::QueryObjectPredicate {
 public:
  Collector(v8::Isolate* isolate, MathRandom& random) : isolate_(isolate), random_(random) {}

  // Called in the middle of a walk over the heap: may make handles, but must not
  // allocate in V8's heap, which even reading a string can.
  bool Filter(v8::Local<v8::Object> object) override {
    if (!object->IsFunction()) return false;
    v8::Local<v8::Context> context;
    if (object->GetCreationContext().ToLocal(&context) && context != last_context_) {
      last_context_.Reset(isolate_, context);
      random_.add(context);
    }
    found_.emplace_back(isolate_, object.As<v8::Function>());
    return false;
  }

  const std::vector<v8::Global<v8::Function>>& found() const { return found_; }

 private:
  v8::Isolate* isolate_;
  MathRandom& random_;
  v8::Global<v8::Context> last_context_;
  std::vector<v8::Global<v8::Function>> found_;
};

// True for a function that a file of the user's defines.
bool is_users(v8::Isolate* isolate, v8::Local<v8::Function> function) {
  const v8::Local<v8::Value> script = function->GetScriptOrigin().ResourceName();
  return !script.IsEmpty() && script->IsString() && is_users_script(to_text(isolate, script));
}

}  // namespace

bool is_users_script(std::string_view name) {
  return name.starts_with('/') || name.starts_with("file:");
}

FunctionPlace place_of(v8::Isolate* isolate, v8::Local<v8::Function> function) {
  FunctionPlace place;
  place.name = to_text(isolate, function->GetDebugName());
  const v8::Local<v8::Value> script = function->GetScriptOrigin().ResourceName();
  if (!script.IsEmpty() && script->IsString()) place.file = to_text(isolate, script);
  if (function->GetScriptLineNumber() != v8::Function::kLineOffsetNotFound) {
    place.line = function->GetScriptLineNumber() + 1;
    place.column = function->GetScriptColumnNumber() + 1;
  }
  return place;
}

std::vector<v8::Local<v8::Function>> live_functions(v8::Isolate* isolate, MathRandom& random) {
  Collector collector(isolate, random);
  v8::debug::QueryObjects(isolate->GetCurrentContext(), &collector, nullptr);

  struct Keyed {
    int script;
    int line;
    int column;
    v8::Local<v8::Function> function;
  };
  std::vector<Keyed> found;
  for (const v8::Global<v8::Function>& one : collector.found()) {
    const v8::Local<v8::Function> function = one.Get(isolate);
    if (!is_users(isolate, function)) continue;
    found.push_back({function->ScriptId(), function->GetScriptLineNumber(),
                     function->GetScriptColumnNumber(), function});
  }
  std::stable_sort(found.begin(), found.end(), [](const Keyed& a, const Keyed& b) {
    return std::tie(a.script, a.line, a.column) < std::tie(b.script, b.line, b.column);
  });
  std::vector<v8::Local<v8::Function>> functions;
  functions.reserve(found.size());
  for (const Keyed& one : found) functions.push_back(one.function);
  return functions;
}

}  // namespace fw::v8host

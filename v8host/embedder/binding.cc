#include "v8host/embedder/binding.h"

#include <string>

#include "v8host/embedder/jit_binding.h"
#include "v8host/embedder/live_functions.h"
#include "v8host/embedder/sources.h"

namespace fw::v8host {

namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

Binding& binding_of(const Info& info) {
  return *static_cast<Binding*>(info.Data().As<v8::External>()->Value());
}

v8::Local<v8::String> text(v8::Isolate* isolate, std::string_view bytes) {
  return v8::String::NewFromUtf8(isolate, bytes.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(bytes.size()))
      .ToLocalChecked();
}

std::string to_text(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  const v8::String::Utf8Value bytes(isolate, value);
  return *bytes == nullptr ? std::string() : std::string(*bytes, bytes.length());
}

void throw_type_error(v8::Isolate* isolate, const char* message) {
  isolate->ThrowException(v8::Exception::TypeError(text(isolate, message)));
}

v8::Local<v8::Object> place_object(v8::Isolate* isolate, v8::Local<v8::Function> function) {
  const FunctionPlace place = place_of(isolate, function);
  const v8::Local<v8::Context> context = isolate->GetCurrentContext();
  const v8::Local<v8::Object> object = v8::Object::New(isolate);
  const auto set = [&](const char* name, v8::Local<v8::Value> value) {
    object->Set(context, text(isolate, name), value).Check();
  };
  set("fn", function);
  set("name", text(isolate, place.name));
  set("file", text(isolate, place.file));
  set("line", v8::Integer::New(isolate, place.line));
  set("column", v8::Integer::New(isolate, place.column));
  return object;
}

// callNext(fn): calls fn when the stack is empty.
void call_next(const Info& info) {
  Binding& binding = binding_of(info);
  if (!info[0]->IsFunction()) return throw_type_error(binding.isolate, "a function was expected");
  binding.loop.call_next(info[0].As<v8::Function>());
}

// runUntilSettled(promise, limitMs) -> "fulfilled", "rejected", "pending" (the
// limit passed) or "nothing left" (and nothing could settle it any more).
void run_until_settled(const Info& info) {
  Binding& binding = binding_of(info);
  if (!info[0]->IsPromise() || !info[1]->IsNumber()) {
    return throw_type_error(binding.isolate, "a promise and a number were expected");
  }
  const auto limit = static_cast<std::uint64_t>(info[1].As<v8::Number>()->Value());
  const char* name = "pending";
  switch (binding.loop.run_until_settled(info[0].As<v8::Promise>(), limit)) {
    case EventLoop::Settled::kPending:
      break;
    case EventLoop::Settled::kFulfilled:
      name = "fulfilled";
      break;
    case EventLoop::Settled::kRejected:
      name = "rejected";
      break;
    case EventLoop::Settled::kNothingLeft:
      name = "nothing left";
      break;
  }
  info.GetReturnValue().Set(text(binding.isolate, name));
}

// liveFunctions() -> [{fn, name, file, line, column}]: see live_functions.h.
void live_functions(const Info& info) {
  Binding& binding = binding_of(info);
  std::vector<v8::Local<v8::Value>> places;
  for (const v8::Local<v8::Function>& one :
       live_functions(binding.isolate, binding.renewal.random())) {
    places.emplace_back(place_object(binding.isolate, one));
  }
  info.GetReturnValue().Set(v8::Array::New(binding.isolate, places.data(), places.size()));
}

// placeOf(fn) -> {fn, name, file, line, column}
void place(const Info& info) {
  Binding& binding = binding_of(info);
  if (!info[0]->IsFunction()) return throw_type_error(binding.isolate, "a function was expected");
  info.GetReturnValue().Set(place_object(binding.isolate, info[0].As<v8::Function>()));
}

// ownContext(object): the context that the object comes from has a Math.random()
// of its own, to be renewed too.
void own_context(const Info& info) {
  Binding& binding = binding_of(info);
  v8::Local<v8::Context> context;
  if (info[0]->IsObject() && info[0].As<v8::Object>()->GetCreationContext().ToLocal(&context)) {
    binding.renewal.random().add(context);
  }
}

// collectGarbage(): all of it, and compacts the heap.
void collect_garbage(const Info& info) { binding_of(info).isolate->LowMemoryNotification(); }

// watch(limitMs, errorType, what), rest(): see watchdog.h.
void watch(const Info& info) {
  Binding& binding = binding_of(info);
  const auto limit = static_cast<std::uint64_t>(info[0].As<v8::Number>()->Value());
  const Status watching = binding.watchdog.watch(limit, to_text(binding.isolate, info[1]),
                                                 to_text(binding.isolate, info[2]));
  if (!watching) throw_type_error(binding.isolate, watching.error().message().c_str());
}

void rest(const Info& info) { binding_of(info).watchdog.rest(); }

// source(name) -> string: a file of ours; undefined if there is none.
void source(const Info& info) {
  v8::Isolate* isolate = binding_of(info).isolate;
  const std::string_view bytes = embedded_source(to_text(isolate, info[0]));
  if (bytes.data() != nullptr) info.GetReturnValue().Set(text(isolate, bytes));
}

}  // namespace

v8::Local<v8::Object> make_binding(Binding& binding) {
  v8::Isolate* isolate = binding.isolate;
  const v8::Local<v8::Context> context = isolate->GetCurrentContext();
  const v8::Local<v8::Object> object = v8::Object::New(isolate);
  const v8::Local<v8::External> self = v8::External::New(isolate, &binding);
  const auto add = [&](const char* name, v8::FunctionCallback callback) {
    const v8::Local<v8::Function> function =
        v8::Function::New(context, callback, self).ToLocalChecked();
    function->SetName(text(isolate, name));
    object->Set(context, text(isolate, name), function).Check();
  };
  add("callNext", call_next);
  add("runUntilSettled", run_until_settled);
  add("liveFunctions", live_functions);
  add("placeOf", place);
  add("ownContext", own_context);
  add("collectGarbage", collect_garbage);
  add("watch", watch);
  add("rest", rest);
  add("source", source);
  add_jit_calls(object, binding.receipt);
  return object;
}

}  // namespace fw::v8host

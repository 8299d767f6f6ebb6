#include "v8host/embedder/jit_binding.h"

#include <string>
#include <string_view>
#include <unordered_map>

#include "v8host/embedder/code_sizes.h"

namespace fw::v8host {

namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

JitReceipt& receipt_of(const Info& info) {
  return *static_cast<JitReceipt*>(info.Data().As<v8::External>()->Value());
}

v8::Local<v8::String> text(v8::Isolate* isolate, std::string_view bytes) {
  return v8::String::NewFromUtf8(isolate, bytes.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(bytes.size()))
      .ToLocalChecked();
}

v8::Local<v8::Value> field(v8::Isolate* isolate, v8::Local<v8::Object> object, const char* name) {
  return object->Get(isolate->GetCurrentContext(), text(isolate, name)).ToLocalChecked();
}

std::string text_field(v8::Isolate* isolate, v8::Local<v8::Object> object, const char* name) {
  const v8::String::Utf8Value bytes(isolate, field(isolate, object, name));
  return *bytes == nullptr ? std::string() : std::string(*bytes, bytes.length());
}

v8::Local<v8::Value> element(v8::Isolate* isolate, v8::Local<v8::Array> array, std::uint32_t i) {
  return array->Get(isolate->GetCurrentContext(), i).ToLocalChecked();
}

// lostCode(functions) -> [[index, reason], ...]: which of the functions lost optimised
// code since the last call, and why; undefined if nothing was lost at all.
void lost_code(const Info& info) {
  if (!receipt_of(info).host().code_lost) return;
  v8::Isolate* isolate = info.GetIsolate();
  const auto functions = info[0].As<v8::Array>();
  const std::vector<LostCode> lost = take_trace();
  if (lost.empty()) return;
  std::unordered_map<std::uintptr_t, std::uint32_t> indices;
  for (std::uint32_t i = 0; i < functions->Length(); ++i) {
    indices.emplace(JitReceipt::shared_of(element(isolate, functions, i).As<v8::Function>()), i);
  }
  std::vector<v8::Local<v8::Value>> pairs;
  for (const LostCode& one : lost) {
    const auto index = indices.find(one.shared);
    if (index == indices.end()) continue;
    v8::Local<v8::Value> pair[] = {v8::Integer::NewFromUnsigned(isolate, index->second),
                                   text(isolate, reason_of(one))};
    pairs.emplace_back(v8::Array::New(isolate, pair, std::size(pair)));
  }
  info.GetReturnValue().Set(v8::Array::New(isolate, pairs.data(), pairs.size()));
}

// recordOptimised([{fn, name, file, line}], probe, isOptimised) -> boolean: see
// JitReceipt::record().
void record_optimised(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  const auto places = info[0].As<v8::Array>();
  std::vector<JitReceipt::Known> known;
  for (std::uint32_t i = 0; i < places->Length(); ++i) {
    const auto place = element(isolate, places, i).As<v8::Object>();
    JitReceipt::Known one;
    one.fn.Reset(isolate, field(isolate, place, "fn").As<v8::Function>());
    one.name = text_field(isolate, place, "name");
    one.file = text_field(isolate, place, "file");
    one.line = field(isolate, place, "line").As<v8::Int32>()->Value();
    known.push_back(std::move(one));
  }
  info.GetReturnValue().Set(receipt_of(info).record(std::move(known), info[1].As<v8::Function>(),
                                                    info[2].As<v8::Function>()));
}

// beginCodeSizes(), endCodeSizes() -> [[function, bytes], ...]: see code_sizes.h.
void begin_sizes(const Info& info) { begin_code_sizes(info.GetIsolate()); }

void end_sizes(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  std::vector<v8::Local<v8::Value>> pairs;
  for (const CodeSize& one : end_code_sizes(isolate)) {
    v8::Local<v8::Value> pair[] = {text(isolate, one.function),
                                   v8::Number::New(isolate, static_cast<double>(one.bytes))};
    pairs.emplace_back(v8::Array::New(isolate, pair, std::size(pair)));
  }
  info.GetReturnValue().Set(v8::Array::New(isolate, pairs.data(), pairs.size()));
}

}  // namespace

void add_jit_calls(v8::Local<v8::Object> object, JitReceipt& receipt) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  const v8::Local<v8::Context> context = isolate->GetCurrentContext();
  const v8::Local<v8::External> self = v8::External::New(isolate, &receipt);
  const auto add = [&](const char* name, v8::FunctionCallback callback) {
    const v8::Local<v8::Function> function =
        v8::Function::New(context, callback, self).ToLocalChecked();
    object->Set(context, text(isolate, name), function).Check();
  };
  add("lostCode", lost_code);
  add("recordOptimised", record_optimised);
  add("beginCodeSizes", begin_sizes);
  add("endCodeSizes", end_sizes);
}

}  // namespace fw::v8host

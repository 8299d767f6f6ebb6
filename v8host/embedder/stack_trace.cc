#include "v8host/embedder/stack_trace.h"

#include <utility>

namespace fw::v8host {

namespace {

constexpr int kMostFrames = 50;

std::string to_text(v8::Isolate* isolate, v8::Local<v8::String> value) {
  if (value.IsEmpty()) return {};
  const v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? std::string() : std::string(*text, text.length());
}

}  // namespace

std::vector<std::string> current_user_stack(v8::Isolate* isolate) {
  const v8::HandleScope handles(isolate);
  const v8::Local<v8::StackTrace> stack =
      v8::StackTrace::CurrentStackTrace(isolate, kMostFrames, v8::StackTrace::kDetailed);
  std::vector<std::string> lines;
  for (int i = 0; i < stack->GetFrameCount(); ++i) {
    const v8::Local<v8::StackFrame> frame = stack->GetFrame(isolate, static_cast<uint32_t>(i));
    const std::string file = to_text(isolate, frame->GetScriptName());
    if (file.empty() || file.starts_with("node:") || file.starts_with("fwrun:")) continue;
    const std::string name = to_text(isolate, frame->GetFunctionName());
    std::string line = "at ";
    if (!name.empty()) line.append(name).append(" (");
    line.append(file).append(":").append(std::to_string(frame->GetLineNumber()));
    line.append(":").append(std::to_string(frame->GetColumn()));
    if (!name.empty()) line += ")";
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace fw::v8host

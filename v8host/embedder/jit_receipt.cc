#include "v8host/embedder/jit_receipt.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "v8host/embedder/live_functions.h"

namespace fw::v8host {

namespace {

// Of one invocation: more tell nothing new.
constexpr std::size_t kMostNotes = 20;

// The field of a JSFunction, behind its map, properties and elements. record() finds
// out whether it is so.
constexpr std::size_t kSharedField = 3 * sizeof(std::uintptr_t);
constexpr std::uintptr_t kHeapObjectTag = 1;

std::string_view path_of(std::string_view file) {
  constexpr std::string_view kScheme = "file://";
  return file.starts_with(kScheme) ? file.substr(kScheme.size()) : file;
}

}  // namespace

void JitReceipt::arm() {
  host_.tell_lost_code = [this] { collect(); };
  host_.forget_lost_code = [] { (void)take_trace(); };
}

std::uintptr_t JitReceipt::shared_of(v8::Local<v8::Function> function) {
  // A handle is the address of a tagged pointer.
  const std::uintptr_t tagged = *reinterpret_cast<std::uintptr_t*>(*function);
  std::uintptr_t shared = 0;
  std::memcpy(&shared, reinterpret_cast<const void*>(tagged - kHeapObjectTag + kSharedField),
              sizeof shared);
  return shared;
}

bool JitReceipt::record(std::vector<Known> optimised, v8::Local<v8::Function> probe,
                        v8::Local<v8::Function> is_optimised) {
  known_.clear();
  host_.jit_at_capture = args::Jit::kNothing;
  const std::vector<LostCode> lost = take_trace();
  const auto of_probe = std::find_if(lost.begin(), lost.end(), [&](const LostCode& one) {
    return one.shared == shared_of(probe);
  });
  if (of_probe == lost.end()) return false;
  last_compilation_ = of_probe->compilation;
  is_optimised_.Reset(isolate_, is_optimised);
  known_ = std::move(optimised);
  for (Known& one : known_) one.shared = shared_of(one.fn.Get(isolate_));
  if (!known_.empty()) host_.jit_at_capture = args::Jit::kPostJit;
  return true;
}

const JitReceipt::Known* JitReceipt::known(std::uintptr_t shared) const {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& one) {
    // As it was, and in case that the heap was compacted since.
    return one.shared == shared || shared_of(one.fn.Get(isolate_)) == shared;
  });
  return found == known_.end() ? nullptr : &*found;
}

bool JitReceipt::still_optimised(const Known& known) const {
  const v8::Local<v8::Context> context = isolate_->GetCurrentContext();
  v8::Local<v8::Value> arguments[] = {known.fn.Get(isolate_)};
  v8::Local<v8::Value> result;
  return is_optimised_.Get(isolate_)
             ->Call(context, v8::Undefined(isolate_), 1, arguments)
             .ToLocal(&result) &&
         result->IsTrue();
}

// Whose functions count? Those of the user's files and of dependencies, node's and our
// own do not: the trace names the file. A line that does not, must name a function that
// was optimised at the capture. Nor does code count that was compiled after it: V8
// compiles and gives up as it likes in a long call.
void JitReceipt::collect() {
  const v8::HandleScope handles(isolate_);
  const std::vector<LostCode> lost = take_trace();
  if (host_.jit_at_capture == args::Jit::kNothing) return;
  std::set<std::uintptr_t> noted;
  for (const LostCode& one : lost) {
    if (one.compilation > last_compilation_ || noted.size() >= kMostNotes) continue;
    const Known* const function = known(one.shared);
    if (function == nullptr && !is_users_script(one.file)) continue;
    if (one.kind == kDependencyChange && (function == nullptr || still_optimised(*function))) {
      continue;
    }
    if (noted.insert(one.shared).second) note(one, function);
  }
}

void JitReceipt::note(const LostCode& lost, const Known* known) {
  const std::string& name = known != nullptr ? known->name : lost.name;
  nlohmann::json json{{"function", name.empty() ? "(anonymous)" : name},
                      {"file", known != nullptr ? known->file : path_of(lost.file)},
                      {"reason", reason_of(lost)},
                      {"kind", lost.kind}};
  if (known != nullptr && known->line > 0) json["line"] = known->line;
  host_.jit = args::Jit::kLost;
  host_.snapshot.client().note_jit(
      json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace fw::v8host

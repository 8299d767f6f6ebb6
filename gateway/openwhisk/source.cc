#include "gateway/openwhisk/source.h"

#include <algorithm>
#include <array>

#include "base/files.h"
#include "store/name.h"

namespace fw::gateway::openwhisk {

namespace {

constexpr std::size_t kMaxName = 64;

// "/guest/my package/hello.world" becomes "hello_world".
std::string function_name(std::string name) {
  name.erase(0, name.rfind('/') + 1);  // npos + 1 is 0
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-') c = '_';
  }
  name.resize(std::min(name.size(), kMaxName));
  return store::valid_name(name) ? name : "action";
}

// Whether the code says itself where it is to be captured, or how to be trained.
bool knows_us(std::string_view code) {
  constexpr std::array<std::string_view, 3> kMarks{"@snapshot_here", "@jit", "warmup"};
  return std::any_of(kMarks.begin(), kMarks.end(), [code](std::string_view mark) {
    return code.find(mark) != std::string_view::npos;
  });
}

std::string text_of(const std::vector<Member>& value, std::string_view name) {
  const std::string_view text = find_member(value, name);
  return is_string(text) ? plain_text(text) : std::string();
}

}  // namespace

Source source_of(const std::vector<Member>& value) {
  Source source;
  source.name = function_name(text_of(value, "name"));
  source.main = text_of(value, "main");
  source.code = text_of(value, "code");
  source.binary = find_member(value, "binary") == "true";
  return source;
}

Environment environment_of(const std::vector<Member>& value) {
  Environment environment;
  const auto members = members_of(find_member(value, "env"), "env");
  if (!members) return environment;
  for (const Member& member : *members) environment[member.name] = plain_text(member.text);
  return environment;
}

Result<store::InstallRequest> write_source(const Source& source, store::Language language,
                                           const std::filesystem::path& folder) {
  const bool is_python = language == store::Language::kPython;
  std::string code = source.code;
  if (!knows_us(code)) code += is_python ? "\n# @snapshot_here\n" : "\n// @snapshot_here\n";
  store::InstallRequest request;
  request.source = folder / (source.name + (is_python ? ".py" : ".js"));
  request.name = source.name;
  request.handler = source.main;
  FW_TRY(write_file_atomically(request.source, code, 0600));
  return request;
}

}  // namespace fw::gateway::openwhisk

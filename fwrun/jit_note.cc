#include "fwrun/jit_note.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fwrun/output.h"

namespace fw::cli {

namespace {

constexpr std::size_t kShown = 20;

struct Note {
  std::string function;  // empty: not known
  std::string reason;
};

Note read_note(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const auto field = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!json.is_object()) return {{}, text};
  Note note{field("function"), field("reason")};
  if (note.reason.empty()) note.reason = text;
  return note;
}

std::string_view name_of(args::Jit jit) {
  switch (jit) {
    case args::Jit::kPostJit:
      return "true";
    case args::Jit::kLost:
      return "false";
    case args::Jit::kNothing:
      break;
  }
  return "-";
}

}  // namespace

std::string describe_jit(const store::Invoked& invoked) {
  constexpr std::size_t kWidth = 21;  // of the table of phases
  const std::string_view name = name_of(invoked.jit);
  std::string text = "post_jit";
  text += std::string(kWidth - text.size() - name.size(), ' ');
  text.append(name).append("\n");
  for (std::size_t i = 0; i < std::min(invoked.jit_notes.size(), kShown); ++i) {
    const Note note = read_note(invoked.jit_notes[i]);
    text += "  " + (note.function.empty() ? "(not known)" : printable(note.function)) + ": " +
            printable(note.reason) + "\n";
  }
  if (invoked.jit_notes.size() > kShown) {
    text += "  and " + std::to_string(invoked.jit_notes.size() - kShown) + " more\n";
  }
  return text;
}

nlohmann::ordered_json post_jit(const store::Invoked& invoked) {
  if (invoked.jit == args::Jit::kNothing) return nullptr;
  return invoked.jit == args::Jit::kPostJit;
}

nlohmann::ordered_json deoptimised(const store::Invoked& invoked) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::string& text : invoked.jit_notes) {
    Note note = read_note(text);
    list.push_back({{"function", std::move(note.function)}, {"reason", std::move(note.reason)}});
  }
  return list;
}

}  // namespace fw::cli

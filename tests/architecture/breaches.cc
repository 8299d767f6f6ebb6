#include "tests/architecture/breaches.h"

#include <algorithm>
#include <functional>
#include <regex>

namespace fw::architecture {
namespace {

using std::regex;

std::string place(const SourceFile& file, std::string_view text, std::size_t offset) {
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  return file.path + ":" + std::to_string(line + 1) + ": ";
}

// Calls found(match, offset) for each match of `pattern`.
void each_match(const std::string& text, const regex& pattern,
                const std::function<void(const std::smatch&, std::size_t)>& found) {
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found(*it, static_cast<std::size_t>(it->position()));
  }
}

// The rows in the order of a walk that met itself; empty if it never does.
std::vector<std::string> find_cycle(const Rules& rules, const std::string& from,
                                    std::vector<std::string>& walk,
                                    std::vector<std::string>& done) {
  const auto met = std::find(walk.begin(), walk.end(), from);
  if (met != walk.end()) {
    std::vector<std::string> cycle(met, walk.end());
    cycle.push_back(from);
    return cycle;
  }
  if (std::find(done.begin(), done.end(), from) != done.end()) return {};
  walk.push_back(from);
  for (const IncludeRow& next : rules.rows) {
    if (!lies_under_any(next.path, rules.row_of(from)->may_include)) continue;
    if (std::vector<std::string> cycle = find_cycle(rules, next.path, walk, done); !cycle.empty()) {
      return cycle;
    }
  }
  walk.pop_back();
  done.push_back(from);
  return {};
}

bool is_engine_header(const std::string& name) {
  static const regex kPattern(R"((v8|node)([-_].*)?\.h|(libplatform|cppgc|node)/.*)");
  return std::regex_match(name, kPattern);
}

bool is_node_api_header(const std::string& name) {
  static const regex kPattern(R"((node/)?(js_native_api|node_api|uv).*\.h|uv/.*)");
  return std::regex_match(name, kPattern);
}

bool is_python_header(const std::string& name) {
  static const regex kPattern(
      R"((Python|pyconfig|structmember)\.h|(cpython|numpy)/.*|python3.*/.*)");
  return std::regex_match(name, kPattern);
}

// What is wrong with `file` including "name"; empty if nothing is.
std::string judge_own_include(const Rules& rules, const SourceFile& file, const std::string& name) {
  const IncludeRow* from = rules.row_of(file.path);
  if (from == nullptr) {
    return file.path + " lies in no folder of the include table: give it a row";
  }
  const IncludeRow* to = rules.row_of(name);
  if (to == nullptr) {
    return "\"" + name + "\" is not written from the top of the tree, or its folder has no row";
  }
  if (from == to || from->everything || lies_under_any(name, from->may_include)) return {};
  return from->path + " may not include " + to->path + " (\"" + name + "\")";
}

std::string judge_engine_include(const Rules& rules, const SourceFile& file,
                                 const std::string& name) {
  if (is_node_api_header(name)) {
    if (lies_under_any(file.path, rules.node_api_folders)) return {};
    return "<" + name + "> is included outside of the JavaScript host";
  }
  if (is_engine_header(name) && !lies_under_any(file.path, rules.engine_folders)) {
    return "<" + name + "> is included outside of the part of the host that embeds the engine";
  }
  if (is_python_header(name) && !lies_under_any(file.path, rules.python_folders)) {
    return "<" + name + "> is included outside of the Python host";
  }
  return {};
}

// The offset past the parenthesis that closes the one at or after `at`.
std::size_t closing(const std::string& code, std::size_t at) {
  int depth = 0;
  for (; at < code.size(); ++at) {
    if (code[at] == '(') ++depth;
    if (code[at] == ')' && --depth == 0) return at + 1;
  }
  return code.size();
}

}  // namespace

Breaches cycles(const Rules& rules) {
  std::vector<std::string> done;
  for (const IncludeRow& row : rules.rows) {
    std::vector<std::string> walk;
    const std::vector<std::string> cycle = find_cycle(rules, row.path, walk, done);
    if (cycle.empty()) continue;
    std::string text = "the include table runs in a circle:";
    for (const std::string& path : cycle) text += " " + path;
    return {text};
  }
  return {};
}

Breaches forbidden_includes(const Rules& rules, const Tree& tree) {
  static const regex kInclude(R"re((?:^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])re");
  Breaches breaches;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file)) continue;
    const std::string code = without_comments(file.text);
    each_match(code, kInclude, [&](const std::smatch& match, std::size_t) {
      const std::string name = match[2];
      std::string wrong = judge_engine_include(rules, file, name);
      if (wrong.empty() && match[1] == "\"") wrong = judge_own_include(rules, file, name);
      if (wrong.empty()) return;
      breaches.push_back(place(file, code, static_cast<std::size_t>(match.position(2))) + wrong);
    });
  }
  return breaches;
}

Breaches raw_system_calls(const Rules& rules, const Tree& tree) {
  static const regex kCall(R"(\bsyscall[ \t\n]*\()");
  static const regex kAssembly(R"(\b(asm|__asm__)\b)");
  static const regex kInstruction(R"(\b(syscall|sysenter)\b|\bint[ \t]+\$0x80)");
  const std::string advice = "raw system call; add a function to base/syscalls.h and call that";
  Breaches breaches;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file) || lies_under_any(file.path, rules.raw_syscall_folders)) continue;
    const std::string code = without_comments(file.text);
    const std::string words = without_comments(file.text, Literals::kBlank);
    each_match(words, kCall, [&](const std::smatch&, std::size_t at) {
      breaches.push_back(place(file, code, at) + advice);
    });
    each_match(words, kAssembly, [&](const std::smatch&, std::size_t at) {
      const std::string block = code.substr(at, closing(words, at) - at);
      if (std::regex_search(block, kInstruction))
        breaches.push_back(place(file, code, at) + advice);
    });
    if (file.path.ends_with(".S") && std::regex_search(code, kInstruction)) {
      breaches.push_back(file.path + ": " + advice);
    }
  }
  return breaches;
}

Breaches long_files(const Rules& rules, const Tree& tree) {
  Breaches breaches;
  for (const SourceFile& file : tree) {
    const auto lines =
        static_cast<std::size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    if (!is_code(file) || lines <= rules.max_lines) continue;
    breaches.push_back(file.path + ": " + std::to_string(lines) + " lines, more than the " +
                       std::to_string(rules.max_lines) +
                       " allowed; which idea in it can stand alone?");
  }
  return breaches;
}

Breaches forbidden_words(const Tree& tree) {
  // Written in pieces, or this file would be the first breach.
  static const regex kUnfinished(
      "\\b(TO"
      "DO|FIX"
      "ME|X"
      "XX)\\b");
  static const regex kRegistry(
      "\\b((deb|ftp|security|snapshot)\\.deb"
      "ian\\.org|registry\\.(npm"
      "js|yarn"
      "pkg)\\.\\w+|"
      "(test\\.)?py"
      "pi\\.org|files\\.python"
      "hosted\\.org|crat"
      "es\\.io|proxy\\.go"
      "lang\\.org|"
      "(\\w+\\.)*dock"
      "er\\.(io|com)|gh"
      "cr\\.io|quay"
      "\\.io)");
  Breaches breaches;
  for (const SourceFile& file : tree) {
    each_match(file.text, kUnfinished, [&](const std::smatch& match, std::size_t at) {
      breaches.push_back(place(file, file.text, at) + match.str() +
                         ": finish it, or describe the limit in the documentation");
    });
    each_match(file.text, kRegistry, [&](const std::smatch& match, std::size_t at) {
      breaches.push_back(place(file, file.text, at) + match.str() +
                         ": which registry is used is the machine's configuration");
    });
  }
  return breaches;
}

Breaches all_breaches(const Rules& rules, const Tree& tree) {
  Breaches all = cycles(rules);
  for (Breaches& some :
       std::vector<Breaches>{forbidden_includes(rules, tree), raw_system_calls(rules, tree),
                             long_files(rules, tree), forbidden_words(tree)}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace fw::architecture

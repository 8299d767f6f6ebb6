#include "fwrun/jit_receipt.h"

#include <algorithm>
#include <cstdio>

#include "fwrun/install_report.h"
#include "fwrun/output.h"

namespace fw::cli {

namespace {

// Of what may be many: as many are shown, the rest is counted.
constexpr std::size_t kShown = 4;
constexpr const char* kIndent = "                ";

std::string cell(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ') + ' ';
}

std::string format(const char* pattern, double value) {
  char text[32];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::string bytes(std::uint64_t count) {
  return count < 1000 ? std::to_string(count) + " B"
                      : format("%.1f KB", static_cast<double>(count) / 1000);
}

// "812 us -> 12.3 us, 66 x": of one call.
std::string speed(double before_us, double after_us) {
  const std::string after = describe_microseconds(after_us);
  if (before_us <= 0) return after + " a call";
  const double times = before_us / after_us;
  return describe_microseconds(before_us) + " -> " + after + " a call, " +
         format(times < 10 ? "%.1f x" : "%.0f x", times);
}

// "a; b; and 3 more"
std::string listed(const std::vector<std::string>& texts) {
  std::string all;
  for (std::size_t i = 0; i < std::min(texts.size(), kShown); ++i) {
    all += (i > 0 ? "; " : "") + printable(texts[i]);
  }
  if (texts.size() > kShown) all += "; and " + std::to_string(texts.size() - kShown) + " more";
  return all;
}

// Equal reasons once, with their number.
std::vector<std::string> counted(const std::vector<std::string>& reasons) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (std::find(reasons.begin(), reasons.begin() + i, reasons[i]) != reasons.begin() + i)
      continue;
    const auto times = std::count(reasons.begin() + i, reasons.end(), reasons[i]);
    texts.push_back(reasons[i] + (times > 1 ? " (" + std::to_string(times) + " times)" : ""));
  }
  return texts;
}

// The folder that all files lie in, with a slash at its end: told once.
std::string common_folder(const std::vector<embed::FunctionReport>& functions) {
  std::string folder = functions.front().file;
  for (const embed::FunctionReport& function : functions) {
    const auto end =
        std::mismatch(folder.begin(), folder.end(), function.file.begin(), function.file.end());
    folder.erase(end.first, folder.end());
  }
  return folder.substr(0, folder.rfind('/') + 1);  // all of nothing when there is no slash
}

std::string describe(const embed::FunctionReport& function, std::size_t folder_bytes) {
  std::string text = "  " + cell(printable(function.tier), 13);
  text += cell(function.name.empty() ? "(anonymous)" : printable(function.name), 24);
  text += printable(std::string_view(function.file).substr(folder_bytes)) + ":" +
          std::to_string(function.line);
  if (function.annotated) text += "  @jit";
  text += "\n";
  const auto line = [&](const std::string& more) {
    if (!more.empty()) text += kIndent + more + "\n";
  };
  line(printable(function.reason));
  if (!function.signatures.empty()) line("for " + listed(function.signatures));
  std::string figures = function.code_bytes > 0 ? bytes(function.code_bytes) + " of code" : "";
  if (function.after_us > 0) {
    figures += (figures.empty() ? "" : ", ") + speed(function.before_us, function.after_us);
  }
  line(figures);
  if (!function.deoptimisations.empty()) {
    line("thrown away in training: " + listed(counted(function.deoptimisations)));
  }
  return text;
}

}  // namespace

std::string describe_receipt(const std::vector<embed::FunctionReport>& functions) {
  if (functions.empty()) return {};
  const auto optimised = std::count_if(functions.begin(), functions.end(),
                                       [](const auto& function) { return function.optimised; });
  const std::string folder = common_folder(functions);
  std::string text = describe_row(
      "functions", std::to_string(optimised) + " of " + std::to_string(functions.size()) +
                       " optimised" + (folder.empty() ? "" : ", in " + printable(folder)));
  for (const embed::FunctionReport& function : functions) text += describe(function, folder.size());
  return text;
}

}  // namespace fw::cli

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "fwrun/commands.h"
#include "fwrun/install_report.h"
#include "fwrun/output.h"
#include "store/catalog.h"
#include "store/sweep.h"

namespace fw::cli {

namespace {

std::string describe_time(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm local{};
  char text[32] = "";
  if (::localtime_r(&seconds, &local) != nullptr) {
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  }
  return text;
}

std::string table(const std::vector<store::ListedFunction>& functions) {
  std::size_t width = 4;
  for (const store::ListedFunction& function : functions) {
    width = std::max(width, function.name.size());
  }
  const auto padded = [](std::string text, std::size_t to) {
    text.resize(std::max(text.size(), to), ' ');
    return text + "  ";
  };
  std::string text = padded("NAME", width) + "VERSION  IMAGE     INSTALLED            ENTRY\n";
  for (const store::ListedFunction& function : functions) {
    text += padded(function.name, width);
    if (!function.manifest) {
      text += function.problem + "\n";
      continue;
    }
    const store::Manifest& manifest = *function.manifest;
    text += padded(std::to_string(manifest.version), 7) +
            padded(describe_bytes(manifest.image_bytes), 8) +
            padded(describe_time(manifest.installed_ms), 19) + manifest.entry + "\n";
  }
  return text;
}

nlohmann::json to_json(const std::vector<store::ListedFunction>& functions) {
  nlohmann::json list = nlohmann::json::array();
  for (const store::ListedFunction& function : functions) {
    nlohmann::json one =
        function.manifest ? to_json(*function.manifest)
                          : nlohmann::json{{"name", function.name}, {"problem", function.problem}};
    one.erase("jit");  // a list of lists: --show has it
    list.push_back(std::move(one));
  }
  return {{"functions", std::move(list)}};
}

}  // namespace

int run_list(const store::Home& home, const Options& options) {
  (void)store::sweep(home);
  const Result<std::vector<store::ListedFunction>> functions = store::list_functions(home);
  if (!functions) return report_error(options.json, functions.error());
  if (options.json) return print_result(to_line(to_json(*functions)), kOk);
  if (functions->empty()) {
    print_note("no function is installed in " + home.root().string() + "\n");
    return kOk;
  }
  return print_result(table(*functions), kOk);
}

}  // namespace fw::cli

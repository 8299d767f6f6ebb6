#include "fwrun/output.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/files.h"

namespace fw::cli {

int print_result(std::string_view text, int code) {
  const Status written = write_all(STDOUT_FILENO, text);
  if (written) return code;
  print_note("fwrun: standard output: " + written.error().message() + "\n");
  return kInternal;
}

void print_note(std::string_view text) { (void)write_all(STDERR_FILENO, text); }

std::string to_line(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 500;
  std::string shown(text.substr(0, kMost));
  unsigned char before = 0;
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    // Those from U+0080 to U+009F are two bytes of UTF-8.
    const bool second = before == 0xc2 && byte >= 0x80 && byte <= 0x9f;
    if (byte < 0x20 || byte == 0x7f || second) c = '?';
    before = byte;
  }
  return text.size() > kMost ? shown + "..." : shown;
}

ExitCode exit_code_of(const Error& error) {
  switch (error.code()) {
    case Errc::kBadInput:
      return kBadUsage;
    case Errc::kNotFound:
      return kNotFound;
    case Errc::kRefused:
      return kRefused;
    case Errc::kTimeout:
      return kTimedOut;
    case Errc::kFunction:
    case Errc::kDied:
      return kFunctionError;
    case Errc::kBusy:
    case Errc::kClosing:
    case Errc::kInternal:
    case Errc::kSystem:
      break;
  }
  return kInternal;
}

std::string_view name_of(ExitCode code) {
  switch (code) {
    case kOk:
      return "ok";
    case kFunctionError:
      return "function_error";
    case kBadUsage:
      return "bad_usage";
    case kTimedOut:
      return "timeout";
    case kNotFound:
      return "not_found";
    case kRefused:
      return "refused_image";
    case kInstallFailed:
      return "install_failed";
    case kInternal:
      break;
  }
  return "internal";
}

int report_error(bool json, const Error& error, ExitCode code) {
  if (!json) {
    print_note("fwrun: " + error.message() + "\n");
    return code;
  }
  return print_result(to_line({{"error", {{"code", name_of(code)}, {"message", error.message()}}}}),
                      code);
}

int report_error(bool json, const Error& error) {
  return report_error(json, error, exit_code_of(error));
}

}  // namespace fw::cli

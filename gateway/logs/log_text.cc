#include "gateway/logs/log_text.h"

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "gateway/logs/iso_time.h"

namespace fw::gateway::logs {

namespace {

constexpr double kBytesPerMb = 1024.0 * 1024.0;

// Numbers only: what is longer than the buffer would be cut.
[[gnu::format(printf, 2, 3)]] void append(std::string& text, const char* format, ...) {
  std::array<char, 160> buffer{};
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer.data(), buffer.size(), format, arguments);
  va_end(arguments);
  text += buffer.data();
}

void end_line(std::string& text) {
  if (!text.ends_with('\n')) text += '\n';
}

// What Lambda's runtimes write themselves when an invocation fails.
void append_failure(std::string& text, const Record& record) {
  if (record.ending == store::Ending::kResult) return;
  text += iso_time(record.ended_ms) + "\t" + record.request_id + "\tERROR\t";
  text += record.ending == store::Ending::kTimedOut ? "Task timed out\t" : "Invoke Error\t";
  text += record.error;
  end_line(text);
}

void append_report(std::string& text, const Record& record) {
  text += "REPORT RequestId: " + record.request_id;
  append(text, "\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %llu MB",
         record.duration_ms, std::ceil(record.duration_ms),
         static_cast<unsigned long long>(record.memory_mb));
  if (record.private_bytes != 0) {
    append(text, "\tMax Memory Used: %.0f MB",
           std::ceil(static_cast<double>(record.private_bytes) / kBytesPerMb));
  }
  append(text, "\tRestore Duration: %.2f ms\tTier: ", record.restore_ms);
  text += record.tier;
  if (record.ending == store::Ending::kTimedOut) text += "\tStatus: timeout";
  if (record.ending == store::Ending::kError) {
    text += "\tStatus: error";
    const std::string_view type = error_type_of(record.error);
    if (!type.empty()) (text += "\tError Type: ") += type;
  }
  text += '\n';
}

}  // namespace

std::string_view LogText::tail(std::size_t bytes) const {
  if (text.size() <= bytes) return text;
  std::size_t begin = text.size() - bytes;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  return std::string_view(text).substr(begin);
}

LogText render(const Record& record) {
  LogText log;
  std::string& text = log.text;
  text = "START RequestId: " + record.request_id + " Version: " + std::to_string(record.version) +
         "\n";
  for (const args::LogEntry& entry : record.output) text += entry.text;
  end_line(text);
  if (record.output_dropped != 0) {
    append(text, "(%llu bytes more were written than are kept)\n",
           static_cast<unsigned long long>(record.output_dropped));
  }
  append_failure(text, record);
  text += "END RequestId: " + record.request_id + "\n";
  append_report(text, record);
  return log;
}

LogText render(const pool::Served& served) { return render(record_of({}, served, {})); }

}  // namespace fw::gateway::logs

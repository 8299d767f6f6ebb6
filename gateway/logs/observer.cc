#include "gateway/logs/observer.h"

#include <boost/circular_buffer.hpp>
#include <mutex>
#include <utility>

#include "base/files.h"
#include "gateway/logs/json_line.h"

namespace fw::gateway::logs {

namespace {

// One that is larger than all may be together keeps its numbers, without the text.
void shorten(Record& record, std::size_t bytes) {
  std::size_t written = 0;
  for (const args::LogEntry& entry : record.output) written += entry.text.size() + sizeof entry;
  if (written + record.error.size() <= bytes) return;
  record.output_dropped += written;
  record.output.clear();
  if (record.error.size() > bytes) record.error.clear();
}

}  // namespace

// A ring, the oldest first. To find one means to look at all: that is done seldom, and an
// index would cost each invocation.
class InvocationLog::Store {
 public:
  Store(std::size_t max_entries, std::size_t max_bytes)
      : max_bytes_(max_bytes), records_(max_entries) {}

  void add(Record record) {
    std::vector<Record> forgotten;  // their memory is given back without the lock
    const std::size_t bytes = bytes_of(record);
    const std::lock_guard lock(mutex_);
    while (!records_.empty() && (records_.full() || bytes_ + bytes > max_bytes_)) {
      bytes_ -= bytes_of(records_.front());
      if (has_text(records_.front())) forgotten.push_back(std::move(records_.front()));
      records_.pop_front();
    }
    bytes_ += bytes;
    records_.push_back(std::move(record));
  }

  std::optional<Record> find(std::string_view request_id) const {
    const std::lock_guard lock(mutex_);
    for (auto it = records_.rbegin(); it != records_.rend(); ++it) {
      if (it->request_id == request_id) return *it;
    }
    return std::nullopt;
  }

 private:
  static std::size_t bytes_of(const Record& record) {
    std::size_t bytes = record.error.size();
    for (const args::LogEntry& entry : record.output) bytes += entry.text.size() + sizeof entry;
    return bytes;
  }
  static bool has_text(const Record& record) {
    return !record.output.empty() || !record.error.empty();
  }

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  boost::circular_buffer_space_optimized<Record> records_;
};

InvocationLog::InvocationLog(LogOptions options)
    : options_(options),
      store_(options.max_entries != 0
                 ? std::make_unique<Store>(options.max_entries, options.max_bytes)
                 : nullptr) {}

InvocationLog::~InvocationLog() = default;

void InvocationLog::note(const std::string& function, const pool::Served& served,
                         std::string_view traceparent) {
  if (store_ == nullptr && options_.json_fd < 0) return;
  Record record = record_of(function, served, traceparent);
  // A log that nobody reads any more is no reason to fail an invocation.
  if (options_.json_fd >= 0) (void)write_all(options_.json_fd, json_line(record));
  if (store_ == nullptr) return;
  shorten(record, options_.max_bytes);
  store_->add(std::move(record));
}

void InvocationLog::note_failure(const std::string& function, std::string_view request_id,
                                 const Error& error, std::string_view traceparent) {
  if (options_.json_fd < 0) return;
  (void)write_all(options_.json_fd, json_line(function, request_id, error, traceparent));
}

std::optional<Record> InvocationLog::find(std::string_view request_id) const {
  return store_ == nullptr ? std::nullopt : store_->find(request_id);
}

}  // namespace fw::gateway::logs

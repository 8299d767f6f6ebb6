// A restored process that serves one invocation after the other, as one does whose
// requester wants it to stay.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "args/repository.h"
#include "args/shm/slot.h"
#include "base/process.h"
#include "base/unique_fd.h"

namespace fw::test {

class Clone {
 public:
  // The process is started by the first call; `flags` are fw_restore_flags.
  explicit Clone(const std::filesystem::path& image, std::uint32_t flags = 0);

  // One invocation; unless `stay`, the last one. An invocation without an answer fails
  // the test.
  args::Answer call(std::string_view arguments, args::After after = args::After::kStays,
                    std::string_view call_context = {});

  // Waits until the process has ended by itself: false if it does not. What it wrote to
  // descriptor 1 is output() then.
  bool ends();
  std::string output() const;

 private:
  void start();

  std::uint32_t flags_;
  std::filesystem::path image_path_;
  UniqueFd output_;
  args::Slot slot_;
  Process process_;
};

}  // namespace fw::test

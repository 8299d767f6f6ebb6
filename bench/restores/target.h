// What restores are measured of: one image, in one form, and what to ask it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "bench/restores/jit_tally.h"
#include "store/invoke.h"

namespace fw::bench {

struct Target {
  int image_fd = -1;
  std::filesystem::path restorer;
  std::string event;     // JSON text
  std::string expected;  // the answer, JSON text; empty: any
  std::uint64_t timeout_ms = 3000;
  int pack_fd = -1;
  std::shared_ptr<JitTally> jit{};  // of its function; null: nobody counts

  store::InvokeRequest request() const;
};

// Counts the answer, and fails when it is no result, or another one than expected.
Status check_answer(const Target& target, const store::Invoked& invoked);

// One process: restored, asked, gone. Fails when it does not answer with a result,
// or with another one than expected.
Result<store::Invoked> restore_once(const Target& target);

// Whether two JSON texts mean the same.
bool same_json(const std::string& a, const std::string& b);

// How many mappings the restored process has when it is ready to take arguments.
Result<std::size_t> count_mappings(const Target& target);

}  // namespace fw::bench

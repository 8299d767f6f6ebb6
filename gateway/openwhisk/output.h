// The output of activations, as OpenWhisk's invoker collects it from a container.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "store/invoke.h"

namespace fw::gateway::openwhisk {

inline constexpr std::string_view kSentinel = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n";

// Thread-safe: one activation's output is not mixed with another's.
class Output {
 public:
  Output(int out_fd, int err_fd) : out_fd_(out_fd), err_fd_(err_fd) {}

  // What was printed, each stream ended by the sentinel; `complaint` follows on standard
  // error.
  void write(const store::Invoked& invoked, std::string_view complaint);
  // For an activation, or an initialisation, of which nothing else came.
  void write(std::string_view complaint);
  // Without sentinels: there was none of either.
  void complain(std::string_view complaint);

 private:
  void write(std::string out, std::string err);

  const int out_fd_;
  const int err_fd_;
  std::mutex mutex_;
};

}  // namespace fw::gateway::openwhisk

#include "gateway/logs/iso_time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace fw::gateway::logs {

std::string iso_time(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03uZ", static_cast<unsigned>(ms % 1000));
  return std::string(text.data(), length) + fraction.data();
}

}  // namespace fw::gateway::logs

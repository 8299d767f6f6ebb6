// FW_CHECK(condition, "why it must hold"): a bug ends the process, in release
// builds too. For broken invariants of our own, never for input.
#pragma once

namespace fw {

[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* why);

}  // namespace fw

#define FW_CHECK(condition, why) \
  ((condition) ? void(0) : ::fw::check_failed(__FILE__, __LINE__, #condition, why))

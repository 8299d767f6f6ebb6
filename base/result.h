// Result<T>: how every fallible function of fwrun reports failure.
//
// An Error carries a code (only where a caller branches on it), the errno of
// the system call that failed (0 if none), and a message: what was attempted,
// outermost first, then the cause: `install hello: open /x: No such file ...`.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace fw {

// A code exists only where some caller decides by it; everything else is
// kInternal or kSystem and is only shown.
enum class Errc {
  kInternal,  // a bug or an unexpected state of our own
  kSystem,    // a system call failed: see Error::sys_errno()
  kBadInput,  // what the user gave is wrong; the message says what to do
  kNotFound,  // the named thing does not exist
  kRefused,   // an image or a process state cannot be used, with the reason
  kTimeout,   // a deadline passed
  kFunction,  // the user's function failed
  kDied,      // a process ended before it answered
  kBusy,      // too much of this is under way already; later it may succeed
  kClosing,   // whoever was asked is about to end
};

// The name of a code, for machine-readable output: "bad_input", "refused" ...
std::string_view name_of(Errc code);

class [[nodiscard]] Error {
 public:
  Error(Errc code, std::string message, int sys_errno = 0)
      : code_(code), sys_errno_(sys_errno), message_(std::move(message)) {}

  // An error from errno as it is now (pass `err` if errno may have changed).
  static Error from_errno(std::string what);
  static Error from_errno(std::string what, int err);

  Errc code() const { return code_; }
  int sys_errno() const { return sys_errno_; }
  const std::string& message() const { return message_; }

  // Puts what was being attempted in front: "install hello: open x: ...".
  Error context(std::string_view attempted) &&;

 private:
  Errc code_;
  int sys_errno_;
  std::string message_;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> fail(Errc code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)));
}
inline tl::unexpected<Error> fail_errno(std::string what) {
  return tl::unexpected<Error>(Error::from_errno(std::move(what)));
}

}  // namespace fw

// FW_TRY(expr): returns the error of a Status to the caller.
// FW_TRY_ASSIGN(decl, expr): the same, else moves the value into decl.
#define FW_CONCAT_INNER(a, b) a##b
#define FW_CONCAT(a, b) FW_CONCAT_INNER(a, b)
#define FW_TRY(expr)                                                         \
  do {                                                                       \
    auto fw_try_status = (expr);                                             \
    if (!fw_try_status) return ::fw::fail(std::move(fw_try_status).error()); \
  } while (false)
#define FW_TRY_ASSIGN_IMPL(tmp, decl, expr)            \
  auto tmp = (expr);                                   \
  if (!tmp) return ::fw::fail(std::move(tmp).error()); \
  decl = std::move(*tmp)
#define FW_TRY_ASSIGN(decl, expr) FW_TRY_ASSIGN_IMPL(FW_CONCAT(fw_try_, __LINE__), decl, expr)

#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace fw {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::kInternal:
      return "internal";
    case Errc::kSystem:
      return "system";
    case Errc::kBadInput:
      return "bad_input";
    case Errc::kNotFound:
      return "not_found";
    case Errc::kRefused:
      return "refused";
    case Errc::kTimeout:
      return "timeout";
    case Errc::kFunction:
      return "function";
    case Errc::kBusy:
      return "busy";
    case Errc::kClosing:
      return "closing";
    case Errc::kDied:
      return "died";
  }
  return "internal";
}

Error Error::from_errno(std::string what) { return from_errno(std::move(what), errno); }

Error Error::from_errno(std::string what, int err) {
  what += ": ";
  what += std::strerror(err);
  return {Errc::kSystem, std::move(what), err};
}

Error Error::context(std::string_view attempted) && {
  message_.insert(0, std::string(attempted) + ": ");
  return std::move(*this);
}

}  // namespace fw

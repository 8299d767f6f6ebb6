#include "snapshot/capture/refusal.h"

#include <cstring>

namespace fw::capture {

std::string_view Refusal::describe(int err) {
  // strerrordesc_np() is the one that neither allocates nor takes the locale's lock.
  const char* text = ::strerrordesc_np(err);
  return text != nullptr ? text : "unknown error";
}

}  // namespace fw::capture

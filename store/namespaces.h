// Explaining why a function's process cannot have a PID namespace of its own.
#pragma once

#include "base/result.h"

namespace fw::store {

// Whether clone() with new namespaces fails so where they are not allowed.
bool denies_namespaces(int sys_errno);

// kSystem: what to allow, and where.
Error no_namespaces(int sys_errno);

}  // namespace fw::store

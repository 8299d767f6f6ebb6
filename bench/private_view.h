// A view of the system of our own, as far as that is allowed: mounts that end with
// this process, however it ends, and shared memory that nobody else puts anything
// into, so that what is left of it can be counted to the byte.
#pragma once

#include "base/result.h"

namespace fw::bench {

// A mount namespace with an empty /dev/shm, and an IPC namespace. For the calling
// thread and what it starts: call before there are other threads. Fails without
// CAP_SYS_ADMIN; then everything is as before, and shared by all.
Status enter_private_view();

}  // namespace fw::bench

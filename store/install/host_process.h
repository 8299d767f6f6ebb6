// Starting a language host, so that what it becomes can be restored: as pid 1 of
// a PID namespace of its own, with nothing of ours open.
#pragma once

#include <filesystem>

#include "base/process.h"
#include "base/result.h"
#include "store/install/environment.h"

namespace fw::store {

struct HostStart {
  std::filesystem::path executable;
  std::filesystem::path folder;  // its working directory
  Environment environment;       // all of it
  int job_fd = -1;               // to be --job
  int slot_fd = -1;              // to be --slot
  int output_fd = -1;            // to be standard output and error
};

// The host is running when this returns. It is killed when this process ends,
// and has no terminal. Where this process may not create PID namespaces, a
// user namespace is created as well; kSystem explains when that is impossible.
// Thread-safe; but the host dies with the calling thread.
Result<Process> start_host(const HostStart& start);

}  // namespace fw::store

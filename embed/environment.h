// The environment variables of a function: those of its installation and a few
// that every program expects. Nothing of whoever runs the install reaches the
// function, hence nothing of it gets into an image.
#pragma once

#include "base/result.h"
#include "embed/job.h"

namespace fw::embed {

// Replaces this process's environment. Call before there are other threads.
//
// Besides job.environment: PATH, HOME and LANG (kept, or a default), TZ and
// TMPDIR (kept if set), and the names that Lambda functions look for:
// AWS_LAMBDA_FUNCTION_NAME, _VERSION, _MEMORY_SIZE, _HANDLER, and LAMBDA_TASK_ROOT,
// which is the working directory.
// job.environment wins over all of them.
Status apply_environment(const Job& job);

}  // namespace fw::embed

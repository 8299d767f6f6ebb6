// One function per command: does it, prints, returns the exit code.
#pragma once

#include "fwrun/options.h"
#include "store/home.h"

namespace fw::cli {

int run_install(const store::Home& home, const Options& options);
int run_invoke(const store::Home& home, const Options& options);
int run_list(const store::Home& home, const Options& options);
int run_show(const store::Home& home, const Options& options);
int run_configure(const store::Home& home, const Options& options);
int run_remove(const store::Home& home, const Options& options);
int run_verify(const store::Home& home, const Options& options);
int run_bench(const store::Home& home, const Options& options);

// --serve and --openwhisk. Returns only when that fails.
int become_daemon(char** argv, bool json);

}  // namespace fw::cli

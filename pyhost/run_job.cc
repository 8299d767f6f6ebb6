#include <Python.h>

#include "pyhost/run_job.h"

#include <cstdio>

#include "base/clock.h"
#include "embed/watchdog.h"
#include "pyhost/core/host.h"
#include "pyhost/core/module.h"
#include "pyhost/core/stack.h"
#include "pyhost/embedded_files.h"
#include "pyhost/interpreter.h"
#include "pyhost/threading_defaults.h"

namespace fw::pyhost {

namespace {

// For the pending call, which takes no pointer that outlives the install.
embed::Watchdog* the_watchdog = nullptr;

// On the main thread, between two instructions of Python.
int report_stack(void*) {
  the_watchdog->report_stack([] { return current_user_stack(); });
  return 0;
}

[[noreturn]] void run(Host& host) {
  constexpr char kFile[] = "fwrun_host/bootstrap.py";
  const std::string source(embedded_file(kFile));
  PyObject* code =
      Py_CompileString(source.c_str(), "<fwrun>/fwrun_host/bootstrap.py", Py_file_input);
  PyObject* globals = PyDict_New();
  PyObject* result = nullptr;
  if (code != nullptr && globals != nullptr &&
      PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins()) == 0) {
    result = PyEval_EvalCode(code, globals, globals);
  }
  if (result == nullptr) {
    PyErr_Print();  // to the host's output, which a failed install shows
    host.fail_install("Install.Internal", "the host's own code failed");
  }
  host.fail_install("Install.Internal", "the host's own code ended without an answer");
}

}  // namespace

int run_job(UniqueFd job, UniqueFd slot) {
  const std::uint64_t started_ns = monotonic_ns();
  auto snapshot = embed::HostSnapshot::with_slot(std::move(slot));
  if (!snapshot) {
    std::fprintf(stderr, "fwrun-pyhost: %s\n", snapshot.error().message().c_str());
    return 1;
  }
  // Never freed: everything refers to it until the process ends.
  Host& host = *new Host(std::move(*snapshot));
  host.started_ns = started_ns;
  host.boot(std::move(job));
  limit_threads();
  host.watchdog = the_watchdog =
      new embed::Watchdog(host, [] { Py_AddPendingCall(report_stack, nullptr); });
  add_core_module(host);
  if (const Status started = start_interpreter(); !started) {
    host.fail_install("Install.Engine", started.error().message());
  }
  run(host);
}

}  // namespace fw::pyhost

#include <Python.h>

#include "pyhost/run_job.h"

#include <cstdio>
#include <thread>

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

// Has the watchdog look at the main thread as soon as that gives up the GIL: between two
// instructions of Python, and in calls that wait. In a thread of its own, since native
// code may keep the GIL for ever.
void interrupt(Host& host, PyThreadState* main_thread) {
  ++host.interrupting;
  std::thread([&host, main_thread] {
    const PyGILState_STATE state = PyGILState_Ensure();
    host.watchdog->report_stack([main_thread] { return user_stack_of(main_thread); });
    PyGILState_Release(state);
    --host.interrupting;
    host.interrupting.notify_all();
  }).detach();
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
  add_core_module(host);
  if (const Status started = start_interpreter(); !started) {
    host.fail_install("Install.Engine", started.error().message());
  }
  host.watchdog = new embed::Watchdog(
      host, [&host, main_thread = PyThreadState_Get()] { interrupt(host, main_thread); });
  run(host);
}

}  // namespace fw::pyhost

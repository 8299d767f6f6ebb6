#include <Python.h>

#include "pyhost/interpreter.h"

#include <string>

namespace fw::pyhost {

namespace {

Status check(const PyStatus& status) {
  if (!PyStatus_Exception(status)) return {};
  return fail(Errc::kInternal, std::string("CPython cannot start: ") +
                                   (status.err_msg != nullptr ? status.err_msg : "unknown error"));
}

Status initialise(PyConfig& config) {
  config.site_import = 1;
  // As python3 does it: SIGPIPE is an exception instead of the end.
  config.install_signal_handlers = 1;
  // The function's folder is the user's: no __pycache__ is left in it, least of all
  // with annotated code.
  config.write_bytecode = 0;
  // Where CPython finds its library, and what child processes are started with.
  FW_TRY(check(PyConfig_SetBytesString(&config, &config.program_name, "/usr/bin/python3.11")));
  return check(Py_InitializeFromConfig(&config));
}

}  // namespace

Status start_interpreter() {
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  FW_TRY(check(Py_PreInitialize(&before)));
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  Status started = initialise(config);
  PyConfig_Clear(&config);
  return started;
}

}  // namespace fw::pyhost

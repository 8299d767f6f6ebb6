#include <Python.h>

#include "pyhost/core/module.h"

#include "embed/job.h"
#include "pyhost/core/calls.h"
#include "pyhost/core/serving.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

namespace {

// CPython hands a module's initialiser nothing: the host waits here for it.
Host* host = nullptr;

template <typename Function>
constexpr PyCFunction as_method(Function function) {
  // The flags of the table tell CPython the true type.
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef methods[] = {
    {"bind_serving", bind_serving, METH_O, nullptr},
    {"go_on", as_method(go_on), METH_FASTCALL, nullptr},
    {"serve", as_method(serve), METH_FASTCALL, nullptr},
    {"wake_up", wake_up, METH_NOARGS, nullptr},
    {"begin", begin, METH_O, nullptr},
    {"event", event, METH_NOARGS, nullptr},
    {"context", context, METH_NOARGS, nullptr},
    {"serving", serving, METH_NOARGS, nullptr},
    {"put_to_self", as_method(put_to_self), METH_FASTCALL, nullptr},
    {"on_call_context", on_call_context, METH_O, nullptr},
    {"request_id", request_id, METH_NOARGS, nullptr},
    {"remaining_ms", remaining_ms, METH_NOARGS, nullptr},
    {"answer", as_method(answer), METH_FASTCALL, nullptr},
    {"done", done, METH_NOARGS, nullptr},
    {"log", as_method(write_log), METH_FASTCALL, nullptr},
    {"set_jit", set_jit, METH_O, nullptr},
    {"note_jit", note_jit, METH_O, nullptr},
    {"trained", trained, METH_NOARGS, nullptr},
    {"finish", as_method(finish), METH_FASTCALL, nullptr},
    {"capture", capture, METH_O, nullptr},
    {"set_normal_jit", set_normal_jit, METH_O, nullptr},
    {"settle", settle, METH_NOARGS, nullptr},
    {"numba_seed_watch", numba_seed_watch, METH_O, nullptr},
    {"numba_seeded", numba_seeded, METH_O, nullptr},
    {"refill", refill, METH_O, nullptr},
    {"one_type_warnings", one_type_warnings, METH_O, nullptr},
    {"source", source, METH_O, nullptr},
    {"exit_now", exit_now, METH_O, nullptr},
    {"watch", as_method(watch), METH_FASTCALL, nullptr},
    {"rest", rest, METH_NOARGS, nullptr},
    {"use_kernel_entropy", use_kernel_entropy, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_fwrun", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr,
};

PyObject* initialise() {
  PyObject* module = PyModule_Create(&definition);
  if (module == nullptr) return nullptr;
  PyObject* job = make_text(embed::to_json(host->job).dump());
  PyObject* started = PyLong_FromUnsignedLongLong(host->started_ns);
  const bool added = job != nullptr && started != nullptr &&
                     PyModule_AddObjectRef(module, "job", job) == 0 &&
                     PyModule_AddObjectRef(module, "started_ns", started) == 0;
  Py_XDECREF(job);
  Py_XDECREF(started);
  if (!added) Py_CLEAR(module);
  return module;
}

}  // namespace

Host& the_host() { return *host; }

void add_core_module(Host& its_host) {
  host = &its_host;
  PyImport_AppendInittab("_fwrun", initialise);
}

}  // namespace fw::pyhost

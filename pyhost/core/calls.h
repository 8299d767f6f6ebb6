// The functions of `_fwrun`, by subject.
#pragma once

#include <Python.h>

namespace fw::pyhost {

// slot_calls.cc
PyObject* put_to_self(PyObject*, PyObject* const* arguments, Py_ssize_t count);
PyObject* take(PyObject*, PyObject*);
PyObject* on_call_context(PyObject*, PyObject* reader);
PyObject* request_id(PyObject*, PyObject*);
PyObject* remaining_ms(PyObject*, PyObject*);
PyObject* serving(PyObject*, PyObject*);

// answer_calls.cc
PyObject* answer(PyObject*, PyObject* const* arguments, Py_ssize_t count);
PyObject* done(PyObject*, PyObject*);
PyObject* write_log(PyObject*, PyObject* const* arguments, Py_ssize_t count);
PyObject* set_jit(PyObject*, PyObject* state);
PyObject* set_normal_jit(PyObject*, PyObject* state);
PyObject* note_jit(PyObject*, PyObject* note);
PyObject* trained(PyObject*, PyObject*);
PyObject* finish(PyObject*, PyObject* const* arguments, Py_ssize_t count);

// capture_call.cc
PyObject* capture(PyObject*, PyObject* rehearsal);
PyObject* settle(PyObject*, PyObject*);

// numba_calls.cc
PyObject* numba_seed_watch(PyObject*, PyObject* original);
PyObject* numba_seeded(PyObject*, PyObject* state);

// refill_call.cc
PyObject* refill(PyObject*, PyObject* regions);

// report_calls.cc
PyObject* one_type_warnings(PyObject*, PyObject* events);

// process_calls.cc
PyObject* source(PyObject*, PyObject* name);
PyObject* exit_now(PyObject*, PyObject* code);
PyObject* watch(PyObject*, PyObject* const* arguments, Py_ssize_t count);
PyObject* rest(PyObject*, PyObject*);
PyObject* use_kernel_entropy(PyObject*, PyObject*);

}  // namespace fw::pyhost

// Serving: one call of the handler, from the arguments in the slot to the answer.
//
// Written against CPython's C interface, not in Python, for one reason: each Python
// function on the way costs a restored process several page copies (the reference
// counts and caches of its code, globals and frames), and they were a third of all it
// copied. What is rare is left to Python: errors, hooks, renewing generators.
#pragma once

#include <Python.h>

namespace fw::pyhost {

// bind(dict): gives serving the Python objects that it calls. See serving.cc.
PyObject* bind_serving(PyObject*, PyObject* parts);

// go_on(rehearsal, handler, is_async, takes_context): the capture, then as serve(). In the
// captured process: what capture() gives there.
PyObject* go_on(PyObject*, PyObject* const* arguments, Py_ssize_t count);

// serve(handler, is_async, takes_context[, text]) -> the exception that the handler raised,
// or None. Takes the arguments from the slot, unless a text is given, and answers. In a
// restored process it does not return unless the requester wants it to stay.
PyObject* serve(PyObject*, PyObject* const* arguments, Py_ssize_t count);

// wake_up() -> the arguments' text: what a restored process does first.
PyObject* wake_up(PyObject*, PyObject*);

// begin(text): from here on event() and context() are this invocation's.
PyObject* begin(PyObject*, PyObject* text);
PyObject* event(PyObject*, PyObject*);
PyObject* context(PyObject*, PyObject*);

}  // namespace fw::pyhost

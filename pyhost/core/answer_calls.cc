#include "pyhost/core/calls.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

namespace {

args::Outcome outcome_of(PyObject* failed) {
  return PyObject_IsTrue(failed) == 1 ? args::Outcome::kError : args::Outcome::kResult;
}

bool read_jit(PyObject* state, args::Jit& jit) {
  const long number = PyLong_AsLong(state);
  if (number == -1 && PyErr_Occurred() != nullptr) return false;
  jit = static_cast<args::Jit>(number);
  return true;
}

}  // namespace

// answer(failed, text) -> bool: the answer to the arguments taken last. False when it
// is too large: nothing was answered.
PyObject* answer(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  std::string_view body;
  if (!expect_arguments("answer", count, 2) || !read_text(arguments[1], body)) return nullptr;
  const Result<bool> answered = the_host().answer(outcome_of(arguments[0]), body);
  return answered ? PyBool_FromLong(*answered ? 1 : 0) : raise(answered.error());
}

// done(): the invocation is answered. Ends a restored process, unless its requester
// wants it to stay; a training call goes on.
PyObject* done(PyObject*, PyObject*) {
  the_host().done();
  Py_RETURN_NONE;
}

// log(stream, str or bytes-like): console output; stream 1 is stdout, 2 is stderr.
PyObject* write_log(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (!expect_arguments("log", count, 2)) return nullptr;
  const long stream = PyLong_AsLong(arguments[0]);
  if (stream == -1 && PyErr_Occurred() != nullptr) return nullptr;
  const args::Stream to = stream == 2 ? args::Stream::kStderr : args::Stream::kStdout;
  if (PyUnicode_Check(arguments[1]) != 0) {
    std::string_view text;
    if (!read_text(arguments[1], text)) return nullptr;
    the_host().log(to, text);
    Py_RETURN_NONE;
  }
  Py_buffer bytes;
  if (PyObject_GetBuffer(arguments[1], &bytes, PyBUF_SIMPLE) != 0) return nullptr;
  the_host().log(to, {static_cast<const char*>(bytes.buf), static_cast<std::size_t>(bytes.len)});
  PyBuffer_Release(&bytes);
  Py_RETURN_NONE;
}

// set_jit(state): how this invocation met its compiled code; an args::Jit.
PyObject* set_jit(PyObject*, PyObject* state) {
  args::Jit jit{};
  if (!read_jit(state, jit)) return nullptr;
  the_host().snapshot.client().set_jit(jit);
  Py_RETURN_NONE;
}

// set_normal_jit(state): the same, for all invocations that lose nothing.
PyObject* set_normal_jit(PyObject*, PyObject* state) {
  if (!read_jit(state, the_host().jit)) return nullptr;
  Py_RETURN_NONE;
}

// note_jit(text): JSON {function, reason} of code that was lost.
PyObject* note_jit(PyObject*, PyObject* note) {
  std::string_view text;
  if (!read_text(note, text)) return nullptr;
  the_host().snapshot.client().note_jit(text);
  Py_RETURN_NONE;
}

// trained() -> (failed, answer, log), of the last training call.
PyObject* trained(PyObject*, PyObject*) {
  const embed::Trained& call = the_host().trained;
  PyObject* answer = make_text(call.answer);
  PyObject* log = make_text(call.log);
  PyObject* failed = PyBool_FromLong(call.outcome == args::Outcome::kError ? 1 : 0);
  if (answer == nullptr || log == nullptr) {
    Py_XDECREF(answer);
    Py_XDECREF(log);
    Py_XDECREF(failed);
    return nullptr;
  }
  return Py_BuildValue("(NNN)", failed, answer, log);
}

// finish(failed, text): answers the install and ends the process.
PyObject* finish(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  std::string_view body;
  if (!expect_arguments("finish", count, 2) || !read_text(arguments[1], body)) return nullptr;
  the_host().finish_install(outcome_of(arguments[0]), body);
}

}  // namespace fw::pyhost

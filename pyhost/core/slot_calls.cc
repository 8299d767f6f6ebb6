#include "pyhost/core/calls.h"
#include "pyhost/core/reference.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

namespace {

PyObject* call_context_reader = nullptr;

// False with an exception set.
bool tell_call_context() {
  Host& host = the_host();
  if (call_context_reader == nullptr) return true;
  host.told_call_context = !host.call_context.empty();
  const Reference text(make_text(host.call_context));
  return text && Reference(PyObject_CallOneArg(call_context_reader, text.get()));
}

}  // namespace

// put_to_self(id, text) -> bool: see embed::Host.
PyObject* put_to_self(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  std::string_view id;
  std::string_view text;
  if (!expect_arguments("put_to_self", count, 2) || !read_text(arguments[0], id) ||
      !read_text(arguments[1], text)) {
    return nullptr;
  }
  const Result<bool> put = the_host().put_to_self(id, text);
  return put ? PyBool_FromLong(*put ? 1 : 0) : raise(put.error());
}

// Waits for an invocation and gives its arguments. Other threads run meanwhile.
PyObject* take(PyObject*, PyObject*) {
  Result<std::string_view> taken = fail(Errc::kInternal, "nothing was taken");
  Py_BEGIN_ALLOW_THREADS;
  taken = the_host().take();
  Py_END_ALLOW_THREADS;
  if (!taken) return raise(taken.error());
  const Host& host = the_host();
  if (!host.call_context.empty() || host.told_call_context) {
    if (!tell_call_context()) return nullptr;
  }
  return make_text(*taken);
}

// on_call_context(reader): reader(text) is called while arguments are taken that came with
// a call context (gateway/call_context.h); and with '' when the next come without one.
PyObject* on_call_context(PyObject*, PyObject* reader) {
  Py_XSETREF(call_context_reader, Py_NewRef(reader));
  Py_RETURN_NONE;
}

// request_id() -> str, of the arguments taken last.
PyObject* request_id(PyObject*, PyObject*) { return make_text(the_host().request_id); }

// remaining_ms() -> int: whole milliseconds until the deadline, never negative.
PyObject* remaining_ms(PyObject*, PyObject*) {
  return PyLong_FromUnsignedLongLong(the_host().remaining_ms());
}

// serving() -> bool: whether this is a restored process.
PyObject* serving(PyObject*, PyObject*) {
  return PyBool_FromLong(the_host().mode == embed::Mode::kServing ? 1 : 0);
}

}  // namespace fw::pyhost

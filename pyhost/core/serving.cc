#include "pyhost/core/serving.h"

#include <array>

#include "args/timeline.h"
#include "pyhost/core/calls.h"
#include "pyhost/core/reference.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

namespace {

// What Python gave us to call, each alive as long as the process.
struct Parts {
  PyObject* scan;          // json's C scanner: scan(text, 0) -> (value, end)
  PyObject* parse;         // parse(text) -> value, or raises; for what `scan` cannot
  PyObject* encode;        // json's C encoder: encode(value, 0) -> strings
  PyObject* serialise;     // serialise(value) -> text, or raises; for what `encode` cannot
  PyObject* context;       // context() -> the handler's second argument
  PyObject* renewals;      // list: empty, or renew() is called
  PyObject* renew;         // renew()
  PyObject* hooks;         // list: empty, or run_hooks() is called
  PyObject* run_hooks;     // run_hooks(); answers and leaves when one fails
  PyObject* run_async;     // run_async(awaitable) -> value
  PyObject* losses;        // list: empty, or tell_losses() is called
  PyObject* tell_losses;   // tell_losses()
  PyObject* answer_error;  // answer_error(exception)
  PyObject* too_large;     // too_large(text) -> exception
};

constexpr std::array<std::pair<const char*, PyObject * Parts::*>, 14> kParts{{
    {"scan", &Parts::scan},
    {"parse", &Parts::parse},
    {"encode", &Parts::encode},
    {"serialise", &Parts::serialise},
    {"context", &Parts::context},
    {"renewals", &Parts::renewals},
    {"renew", &Parts::renew},
    {"hooks", &Parts::hooks},
    {"run_hooks", &Parts::run_hooks},
    {"run_async", &Parts::run_async},
    {"losses", &Parts::losses},
    {"tell_losses", &Parts::tell_losses},
    {"answer_error", &Parts::answer_error},
    {"too_large", &Parts::too_large},
}};

Parts parts{};
PyObject* empty_text = nullptr;
PyObject* zero = nullptr;

// What the call that is under way was given.
Reference current_event;
Reference current_context;

struct Handler {
  PyObject* function;
  bool is_async;
  bool takes_context;
};

bool any(PyObject* list) { return PyList_GET_SIZE(list) != 0; }

bool is_space(Py_UCS4 character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

// json.loads(text) without its Python; what that would refuse, `parse` explains.
Reference parse(PyObject* text) {
  const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
  PyObject* arguments[] = {text, zero};
  const Reference scanned(PyObject_Vectorcall(parts.scan, arguments, 2, nullptr));
  if (scanned && PyTuple_Check(scanned.get()) != 0 && PyTuple_GET_SIZE(scanned.get()) == 2) {
    Py_ssize_t end = PyLong_AsSsize_t(PyTuple_GET_ITEM(scanned.get(), 1));
    while (end >= 0 && end < length && is_space(PyUnicode_READ_CHAR(text, end))) ++end;
    if (end == length) return Reference::to(PyTuple_GET_ITEM(scanned.get(), 0));
  }
  PyErr_Clear();
  return Reference(PyObject_CallOneArg(parts.parse, text));
}

// JSON text that encodes to UTF-8.
Reference serialise(PyObject* value) {
  PyObject* arguments[] = {value, zero};
  const Reference pieces(PyObject_Vectorcall(parts.encode, arguments, 2, nullptr));
  if (pieces) {
    Reference text(PyUnicode_Join(empty_text, pieces.get()));
    if (text && PyUnicode_AsUTF8(text.get()) != nullptr) return text;
  }
  PyErr_Clear();
  return Reference(PyObject_CallOneArg(parts.serialise, value));
}

void note(args::Instant instant) { the_host().mark(static_cast<std::uint32_t>(instant)); }

bool begin_with(PyObject* text) {
  current_event = parse(text);
  if (!current_event) return false;
  current_context = Reference(PyObject_CallNoArgs(parts.context));
  note(args::Instant::kHandler);
  return static_cast<bool>(current_context);
}

Reference call(const Handler& handler) {
  PyObject* arguments[] = {current_event.get(), current_context.get()};
  Reference value(
      PyObject_Vectorcall(handler.function, arguments, handler.takes_context ? 2 : 1, nullptr));
  // A decorator that is no coroutine function may still hand over the coroutine of one.
  if (!value || !(handler.is_async || PyCoro_CheckExact(value.get()))) return value;
  return Reference(PyObject_CallOneArg(parts.run_async, value.get()));
}

// Tells how this call met the compiled code.
bool tell_jit() {
  Host& host = the_host();
  if (!any(parts.losses)) {
    host.snapshot.client().set_jit(host.jit);
    return true;
  }
  return static_cast<bool>(Reference(PyObject_CallNoArgs(parts.tell_losses)));
}

bool answer_value(PyObject* value) {
  const Reference text = serialise(value);
  if (!text || !tell_jit()) return false;
  std::string_view body;
  if (!read_text(text.get(), body)) return false;
  const Result<bool> answered = the_host().answer(args::Outcome::kResult, body);
  if (!answered) {
    raise(answered.error());
    return false;
  }
  if (*answered) return true;
  const Reference error(PyObject_CallOneArg(parts.too_large, text.get()));
  if (error) PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.get())), error.get());
  return false;
}

// The exception that is set, as an object that has its traceback.
Reference take_exception() {
  PyObject* type = nullptr;
  PyObject* value = nullptr;
  PyObject* trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  Py_XDECREF(type);
  Py_XDECREF(trace);
  return Reference(value);
}

// Null: an exception of the host's own is set.
PyObject* answer_failure() {
  note(args::Instant::kHandled);
  Reference thrown = take_exception();
  if (!Reference(PyObject_CallOneArg(parts.answer_error, thrown.get()))) return nullptr;
  return thrown.release();
}

// One call with the arguments in `text`, answered. The exception of the handler's, or
// None.
PyObject* invoke(const Handler& handler, PyObject* text) {
  if (!begin_with(text)) return answer_failure();
  const Reference value = call(handler);
  if (!value) return answer_failure();
  note(args::Instant::kHandled);
  if (!answer_value(value.get())) return answer_failure();
  Py_RETURN_NONE;
}

// In a restored process it ends with done(), or serves on.
PyObject* serve_from(const Handler& handler, Reference text) {
  for (;;) {
    if (!text) return nullptr;
    Reference thrown(invoke(handler, text.get()));
    if (!thrown) return nullptr;
    the_host().done();
    if (the_host().mode == embed::Mode::kInstalling) return thrown.release();
    PyList_SetSlice(parts.losses, 0, PyList_GET_SIZE(parts.losses), nullptr);
    text = Reference(take(nullptr, nullptr));
  }
}

Handler read_handler(PyObject* const* arguments) {
  return {arguments[0], arguments[1] == Py_True, arguments[2] == Py_True};
}

}  // namespace

PyObject* bind_serving(PyObject*, PyObject* given) {
  for (const auto& [name, part] : kParts) {
    PyObject* object = PyDict_GetItemString(given, name);
    if (object == nullptr) {
      PyErr_Format(PyExc_KeyError, "serving needs %s", name);
      return nullptr;
    }
    parts.*part = Py_NewRef(object);
  }
  empty_text = PyUnicode_FromString("");
  zero = PyLong_FromLong(0);
  if (empty_text == nullptr || zero == nullptr) return nullptr;
  Py_RETURN_NONE;
}

PyObject* wake_up(PyObject*, PyObject*) {
  if (any(parts.renewals) && !Reference(PyObject_CallNoArgs(parts.renew))) return nullptr;
  note(args::Instant::kReseeded);
  Reference text(take(nullptr, nullptr));
  PyList_SetSlice(parts.losses, 0, PyList_GET_SIZE(parts.losses), nullptr);
  const bool serving = the_host().mode == embed::Mode::kServing;
  if (text && serving && any(parts.hooks) && !Reference(PyObject_CallNoArgs(parts.run_hooks))) {
    return nullptr;
  }
  return text.release();
}

PyObject* serve(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 3 && !expect_arguments("serve", count, 4)) return nullptr;
  const Handler handler = read_handler(arguments);
  return serve_from(
      handler, count == 4 ? Reference::to(arguments[3]) : Reference(wake_up(nullptr, nullptr)));
}

PyObject* go_on(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (!expect_arguments("go_on", count, 4)) return nullptr;
  Reference captured(capture(nullptr, arguments[0]));
  if (!captured || captured.get() != Py_None) return captured.release();
  return serve_from(read_handler(arguments + 1), Reference(wake_up(nullptr, nullptr)));
}

PyObject* begin(PyObject*, PyObject* text) {
  if (!begin_with(text)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* event(PyObject*, PyObject*) {
  return Py_NewRef(current_event ? current_event.get() : Py_None);
}

PyObject* context(PyObject*, PyObject*) {
  return Py_NewRef(current_context ? current_context.get() : Py_None);
}

}  // namespace fw::pyhost

#include <dlfcn.h>
#include <unistd.h>

#include "embed/kernel_entropy.h"
#include "pyhost/core/calls.h"
#include "pyhost/core/values.h"
#include "pyhost/sources.h"

namespace fw::pyhost {

// source(name) -> bytes of a file of ours, such as "fwrun_host/train.py"; None if there
// is none of that name.
PyObject* source(PyObject*, PyObject* name) {
  std::string_view text;
  if (!read_text(name, text)) return nullptr;
  const std::string_view bytes = embedded_source(text);
  if (bytes.data() == nullptr) Py_RETURN_NONE;
  return PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size()));
}

// exit_now(code): ends the process, all threads, without handlers of any kind.
PyObject* exit_now(PyObject*, PyObject* code) {
  const long number = PyLong_AsLong(code);
  if (number == -1 && PyErr_Occurred() != nullptr) return nullptr;
  ::_exit(static_cast<int>(number));
}

// watch(limit_ms, error_type, what), rest(): see embed/watchdog.h.
PyObject* watch(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  std::string_view type;
  std::string_view what;
  if (!expect_arguments("watch", count, 3) || !read_text(arguments[1], type) ||
      !read_text(arguments[2], what)) {
    return nullptr;
  }
  const unsigned long long limit = PyLong_AsUnsignedLongLong(arguments[0]);
  if (PyErr_Occurred() != nullptr) return nullptr;
  const Status watching = the_host().watchdog->watch(limit, std::string(type), std::string(what));
  if (!watching) return raise(watching.error());
  Py_RETURN_NONE;
}

PyObject* rest(PyObject*, PyObject*) {
  // The watchdog may be waiting for the GIL, and no thread of its may be captured.
  Py_BEGIN_ALLOW_THREADS;
  Host& host = the_host();
  host.watchdog->rest();
  for (int count = 0; (count = host.interrupting.load()) != 0;) host.interrupting.wait(count);
  Py_END_ALLOW_THREADS;
  Py_RETURN_NONE;
}

// use_kernel_entropy() -> bool: has OpenSSL draw from the kernel. False when OpenSSL is
// not loaded.
PyObject* use_kernel_entropy(PyObject*, PyObject*) {
  void* library = ::dlopen("libcrypto.so.3", RTLD_NOLOAD | RTLD_LAZY);
  if (library == nullptr) Py_RETURN_FALSE;
  using Set = int (*)(const rand_meth_st*);
  const auto set = reinterpret_cast<Set>(::dlsym(library, "RAND_set_rand_method"));
  ::dlclose(library);  // it stays loaded by who imported it
  if (set == nullptr) Py_RETURN_FALSE;
  embed::use_kernel_entropy(set);
  Py_RETURN_TRUE;
}

}  // namespace fw::pyhost

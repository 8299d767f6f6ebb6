#include <cerrno>

#include "args/timeline.h"
#include "embed/settle_heap.h"
#include "pyhost/core/calls.h"
#include "pyhost/core/settle_objects.h"
#include "pyhost/core/values.h"

namespace fw::pyhost {

namespace {

PyObject* refusal(const Error& error) {
  return Py_BuildValue("{s:s,s:O}", "refused", error.message().c_str(), "retry",
                       error.sys_errno() == EADDRINUSE ? Py_True : Py_False);
}

PyObject* captured(const fw_snapshot_report& report) {
  return Py_BuildValue("{s:K,s:K,s:K,s:K,s:K}", "image_bytes",
                       static_cast<unsigned long long>(report.image_bytes), "captured_pages",
                       static_cast<unsigned long long>(report.captured_pages), "mappings",
                       static_cast<unsigned long long>(report.mappings), "threads",
                       static_cast<unsigned long long>(report.threads), "descriptors",
                       static_cast<unsigned long long>(report.descriptors));
}

}  // namespace

// capture(rehearsal) -> None in each restored process; in the captured one a dict: the
// numbers of the snapshot library's report, or `refused` (why) and `retry` (whether a
// new start may succeed). In a rehearsal nothing is captured and all goes on as after
// a restore.
//
// The GIL is held throughout: other threads wait for it in the restored process as
// they did in the captured one, and none of them runs before it is given up.
PyObject* capture(PyObject*, PyObject* rehearsal) {
  Host& host = the_host();
  host.trained = {};
  if (rehearsal == Py_True) Py_RETURN_NONE;
  const auto side = host.snapshot.capture(host.job.image_path);
  if (!side) return refusal(side.error());
  if (*side == embed::HostSnapshot::Side::kCaptured) return captured(host.snapshot.report());
  host.mode = embed::Mode::kServing;
  Py_RETURN_NONE;
}

// settle(): puts free memory in order for the snapshot.
PyObject* settle(PyObject*, PyObject*) {
  settle_objects();
  embed::settle_heap();
  Py_RETURN_NONE;
}

}  // namespace fw::pyhost

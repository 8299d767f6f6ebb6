#include <uv.h>
#include <cerrno>

#include "args/timeline.h"
#include "base/clock.h"
#include "v8host/core/calls.h"
#include "v8host/core/values.h"

namespace fw::v8host {

namespace {

napi_value refusal(napi_env env, const Error& error) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  set_property(env, object, "restored", make_boolean(env, false));
  set_property(env, object, "refused", make_string(env, error.message()));
  set_property(env, object, "retry", make_boolean(env, error.sys_errno() == EADDRINUSE));
  return object;
}

napi_value captured(napi_env env, const fw_snapshot_report& report) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  set_property(env, object, "restored", make_boolean(env, false));
  const auto set = [&](const char* name, std::uint64_t value) {
    set_property(env, object, name, make_number(env, static_cast<double>(value)));
  };
  set("image_bytes", report.image_bytes);
  set("captured_pages", report.captured_pages);
  set("mappings", report.mappings);
  set("threads", report.threads);
  set("descriptors", report.descriptors);
  return object;
}

napi_value wake_up(Host& host, uv_loop_t* loop, napi_value restored) {
  uv_update_time(loop);
  host.after_restore();
  at(host.snapshot.client().timeline(), args::Instant::kReseeded) = monotonic_ns();
  return restored;
}

}  // namespace

// capture(restored, rehearsal) -> the same object in each restored process, whose random
// generators and clocks are renewed; in the captured process {restored: false}
// with the numbers of the snapshot library's report, or with `refused` (why) and
// `retry` (whether a new start may succeed).
//
// `restored` is made by the caller so that nothing is allocated after a restore. In a
// rehearsal nothing is captured and all goes on as after a restore.
napi_value capture(napi_env env, napi_callback_info info) {
  Host& host = host_of(env);
  const Arguments<2> arguments(env, info);
  bool rehearsal = false;
  napi_get_value_bool(env, arguments[1], &rehearsal);
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  host.trained = {};
  host.before_capture();

  if (rehearsal) return wake_up(host, loop, arguments[0]);

  const auto side = host.snapshot.capture(host.job.image_path);
  if (!side) return refusal(env, side.error());
  if (*side == embed::HostSnapshot::Side::kCaptured) return captured(env, host.snapshot.report());

  host.mode = Mode::kServing;
  host.jit = host.jit_at_capture;
  return wake_up(host, loop, arguments[0]);
}

}  // namespace fw::v8host

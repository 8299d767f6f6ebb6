#include "v8host/embedder/renewal.h"

#include "snapshot/snapshot.h"
#include "v8host/embedder/clocks.h"

namespace fw::v8host {

Status Renewal::arm(Host& host) {
  if (!find_start_instants()) {
    return fail(Errc::kInternal, "this libnode does not export its start instants");
  }
  host.before_capture = [this] { before_capture(); };
  host.after_restore = [this] {
    for (v8::Isolate* isolate : isolates_) {
      if (isolate != v8::Isolate::GetCurrent()) isolate->RequestInterrupt(renew_worker, nullptr);
    }
  };
  const int error = fw_snapshot_on_restore(on_restore, this);
  if (error != 0) return fail(Error::from_errno("register with the snapshot library", -error));
  return {};
}

// Workers (worker_threads) have isolates of their own, whose threads run until the
// snapshot library stops them and go on after a restore. Their generators are
// reseeded while they stand still (on_restore); their caches only they can empty:
// they are asked to before the capture, which reaches those that sleep when they
// wake up in the restored process, and once more after it. A worker that draws
// numbers in the very moment of the capture may repeat up to 64 of them.
void Renewal::before_capture() {
  isolates_ = platform_.isolates();
  for (v8::Isolate* isolate : isolates_) {
    MathRandom::prepare(isolate);
    if (isolate != v8::Isolate::GetCurrent()) isolate->RequestInterrupt(renew_worker, nullptr);
  }
  random_.add(v8::Isolate::GetCurrent()->GetCurrentContext());
  random_.empty_caches();
}

// Other threads stand still and may hold any lock: no allocation from here on.
void Renewal::on_restore(void* self) {
  for (v8::Isolate* isolate : static_cast<Renewal*>(self)->isolates_) MathRandom::reseed(isolate);
  renew_start_instants();
}

void Renewal::renew_worker(v8::Isolate* isolate, void*) {
  const v8::HandleScope handles(isolate);
  if (!isolate->InContext()) return;
  MathRandom own(isolate);
  own.add(isolate->GetCurrentContext());
  own.empty_caches();
}

}  // namespace fw::v8host

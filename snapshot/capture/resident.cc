#include "snapshot/capture/resident.h"

#include <cerrno>

#include "base/clock.h"
#include "base/syscalls.h"
#include "snapshot/snapshot.h"

namespace fw::capture {
namespace {

struct Hook {
  void (*run)(void* user);
  void* user;
};
Hook g_hooks[FW_SNAPSHOT_MAX_HOOKS];
int g_hook_count = 0;
bool g_restored = false;

image::Resident* resident_at_its_address() {
  return reinterpret_cast<image::Resident*>(image::kResidentAddress);
}

}  // namespace

const image::Resident* resident() { return g_restored ? resident_at_its_address() : nullptr; }

void note_replaced_mapping() { resident_at_its_address()->replaced = 1; }

void wake_restored_process() {
  g_restored = true;
  image::Resident* resident = resident_at_its_address();
  resident->times.resumed = monotonic_ns();
  for (int i = 0; i < g_hook_count; ++i) g_hooks[i].run(g_hooks[i].user);
  if (resident->plan->threads.count > 1) {
    __atomic_store_n(&resident->gate, 1, __ATOMIC_RELEASE);
    sys::futex_wake_private(&resident->gate, static_cast<int>(resident->plan->threads.count));
  }
}

}  // namespace fw::capture

extern "C" int fw_snapshot_on_restore(void (*hook)(void* user), void* user) {
  using namespace fw::capture;
  if (g_hook_count == FW_SNAPSHOT_MAX_HOOKS) return -ENOSPC;
  g_hooks[g_hook_count++] = {hook, user};
  return 0;
}

extern "C" int fw_snapshot_woken(fw_snapshot_wake* wake) {
  const fw::image::Resident* resident = fw::capture::resident();
  *wake = {};
  if (resident == nullptr) return -ESRCH;
  *wake = {static_cast<std::uint8_t>(resident->boot), resident->reset_pages};
  return 0;
}

extern "C" int fw_snapshot_reset() {
  const fw::image::Resident* resident = fw::capture::resident();
  if (resident == nullptr || resident->reset_entry == 0) return -ENOTSUP;
  reinterpret_cast<void (*)()>(resident->reset_entry)();
  __builtin_unreachable();
}

extern "C" void fw_snapshot_watch(int on) {
  if (fw::capture::resident() == nullptr) return;
  fw::image::Resident* resident = fw::capture::resident_at_its_address();
  if (on != 0) {
    if (resident->watch_entry != 0) reinterpret_cast<void (*)()>(resident->watch_entry)();
    resident->watched = 1;
  }
  __atomic_store_n(&resident->watch, static_cast<std::uint8_t>(on != 0), __ATOMIC_RELEASE);
}

extern "C" int fw_snapshot_restore_times(fw_restore_times* times) {
  const fw::image::Resident* resident = fw::capture::resident();
  if (resident == nullptr) {
    *times = {};
    return -ESRCH;
  }
  const fw::image::RestoreTimes& t = resident->times;
  *times = {t.started, t.checked, t.mapped, t.descriptors, t.threads, t.resumed};
  return 0;
}

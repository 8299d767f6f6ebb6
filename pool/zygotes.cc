#include "pool/zygotes.h"

#include <csignal>

#include "store/namespaces.h"

namespace fw::pool {

Status Zygotes::refill() {
  while (ready_.size() < wanted_) {
    fw_prepared prepared{-1, -1, -1};
    const int error =
        fw_zygote_start(restorer_.c_str(), FW_RESTORE_PID_NAMESPACE, SIGKILL, &prepared);
    if (error != 0) return fail(Error::from_errno("prepare a process", -error));
    ready_.push_back({Process(prepared.pid, UniqueFd(prepared.pidfd)), UniqueFd(prepared.socket)});
  }
  return {};
}

bool Zygotes::restore_in_zygote(Clone& clone, const fw_restore_request& request) {
  while (!ready_.empty()) {
    Zygote zygote = std::move(ready_.back());
    ready_.pop_back();
    const fw_prepared prepared{static_cast<int>(zygote.process.pid()), zygote.process.pidfd(),
                               zygote.socket.get()};
    if (fw_zygote_restore(&prepared, &request) != 0) continue;  // it is killed here
    clone.set_process(std::move(zygote.process));
    clone.tier = Tier::kWarm;
    return true;
  }
  return false;
}

Status Zygotes::restore(Clone& clone) {
  Clone::Order order;
  clone.fill(order);
  if (restore_in_zygote(clone, order.request)) return {};
  fw_restored restored{};
  const int error = fw_restore_start(&order.request, &restored);
  if (error != 0 && store::denies_namespaces(-error)) return fail(store::no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a process from the image", -error));
  clone.set_process(Process(restored.pid, UniqueFd(restored.pidfd)));
  clone.tier = Tier::kCold;
  return {};
}

}  // namespace fw::pool

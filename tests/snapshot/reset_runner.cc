#include "tests/snapshot/reset_runner.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cstring>

#include "base/check.h"
#include "base/files.h"
#include "base/mapping.h"

namespace fw::test {

ResetOutcome run_resets(const Guest& guest, const ResetOrders& orders) {
  Result<UniqueFd> memory = create_memfd("notebook");
  FW_CHECK(memory.has_value() && ::ftruncate(memory->get(), guest::kNotebookBytes) == 0,
           "a test can make a memfd");
  Result<Mapping> mapped = Mapping::of_file(memory->get(), guest::kNotebookBytes,
                                            PROT_READ | PROT_WRITE, Mapping::Share::kShared);
  FW_CHECK(mapped.has_value(), "a test can map a memfd");
  auto* notebook = reinterpret_cast<guest::Notebook*>(mapped->data());
  orders.deed.copy(notebook->deed, sizeof notebook->deed - 1);
  notebook->wanted = orders.rounds;
  notebook->watch = orders.watch ? 1 : 0;
  const std::vector<fw_restore_external> externals{{guest::kNotebookTag, memory->get(), 0}};
  const auto start = [&] {
    if (orders.forked) {
      return Template(guest.image(), orders.pids).fork(orders.fds, externals, orders.flags);
    }
    return start_clone(guest.image(), orders.pids, orders.fds, externals, orders.flags);
  };
  Clone clone = start();
  ResetOutcome result{finish(std::move(clone)), {}};
  std::memcpy(&result.notebook, notebook, sizeof result.notebook);
  return result;
}

void expect_all_reset(const Guest& guest, const ResetOrders& orders, guest::Notebook* notebook) {
  const std::string deed(orders.deed);
  INFO("deed: " << deed);
  const ResetOutcome result = run_resets(guest, orders);
  INFO("after " << result.notebook.rounds << " rounds the guest said:\n" << result.outcome.output);
  CHECK(result.outcome.status.describe() == "exited with code 0");
  CHECK(result.notebook.rounds == orders.rounds + 1);
  CHECK(result.notebook.woken[orders.forked ? FW_WOKEN_BY_FORK : FW_WOKEN_FROM_FILE] == 1);
  CHECK(result.notebook.descriptors == result.notebook.first_descriptors);
  CHECK(result.notebook.mappings == result.notebook.first_mappings);
  if (notebook != nullptr) *notebook = result.notebook;
}

void expect_not_reset(const Guest& guest, const ResetOrders& orders, std::string_view reason) {
  const std::string deed(orders.deed);
  INFO("deed: " << deed);
  const ResetOutcome result = run_resets(guest, orders);
  INFO("the guest said:\n" << result.outcome.output);
  CHECK(result.outcome.exited_with(FW_RESTORE_EXIT_RESET));
  CHECK(result.outcome.output.find(reason) != std::string::npos);
  CHECK(result.notebook.rounds == 1);
}

}  // namespace fw::test

// Runs guests that are reset (tests/guests/resets): each with a notebook of its own, and
// every reset compared with the image.
#pragma once

#include <string>
#include <string_view>

#include "tests/guests/resets/notebook.h"
#include "tests/snapshot/guest_runner.h"

namespace fw::test {

struct ResetOrders {
  Pids pids = Pids::kPatched;
  std::string_view deed = "nothing";
  std::uint32_t rounds = 100;
  bool watch = false;
  bool forked = false;  // from a template
  std::uint32_t flags = FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS;
  std::vector<fw_restore_fd> fds = {};
};

struct ResetOutcome {
  Outcome outcome;
  guest::Notebook notebook;
};

// A guest whose image was captured.
ResetOutcome run_resets(const Guest& guest, const ResetOrders& orders);

// All rounds must have gone by, without leaks.
void expect_all_reset(const Guest& guest, const ResetOrders& orders,
                      guest::Notebook* notebook = nullptr);

// The process must have ended itself, naming `reason`.
void expect_not_reset(const Guest& guest, const ResetOrders& orders, std::string_view reason);

}  // namespace fw::test

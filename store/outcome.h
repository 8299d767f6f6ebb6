// What became of an invocation, as a value, whoever ran it: from a clone's answer, its
// end without one, or the deadline that passed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "args/repository.h"
#include "base/process.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "store/invoke.h"

namespace fw::store {

// Descriptors 1 and 2 of a clone, kept by its requester.
struct Output {
  UniqueFd out;
  UniqueFd err;

  static Result<Output> create();

  // Appends what was written since the last time to the logs, and forgets it.
  void take(Invoked& invoked) const;
};

// {errorType, errorMessage, trace: []}
std::string error_body(std::string_view type, const std::string& message);

// The clone answered. An answer that is no JSON becomes an error.
void fill_answer(Invoked& invoked, args::Answer answer);

// What a clone without an answer had noted, as args::Slot::remains() tells it.
void fill_remains(Invoked& invoked, Result<args::Answer> remains);

void fill_timed_out(Invoked& invoked, std::uint64_t timeout_ms);

// Its answer broke the protocol of the slot.
void fill_malformed(Invoked& invoked, const Error& error);

// The clone ended by itself, without an answer, after fill_remains(). `ran`: its code
// was reached before, by an earlier invocation. kRefused with the restorer's reason,
// when that was as far as it came.
Status fill_ended(Invoked& invoked, const ExitStatus& ended, const Output& output, bool ran);

}  // namespace fw::store

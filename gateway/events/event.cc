#include "gateway/events/event.h"

namespace fw::gateway::events {

const char* name_of(State state) {
  switch (state) {
    case State::kQueued:
      return "queued";
    case State::kRunning:
      return "running";
    case State::kRetrying:
      return "retrying";
    case State::kDead:
      return "dead";
    case State::kDone:
      break;
  }
  return "done";
}

}  // namespace fw::gateway::events

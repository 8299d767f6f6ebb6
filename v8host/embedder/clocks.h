// The instants that node remembers of its own start. performance.now() and
// process.uptime() count from them; in a restored process they must be the
// process's own start.
#pragma once

namespace fw::v8host {

// Finds them. False when this libnode does not export them.
bool find_start_instants();

// Sets them to now. Neither allocates nor locks. JavaScript's copy is renewed by
// uniqueness.js.
void renew_start_instants();

}  // namespace fw::v8host

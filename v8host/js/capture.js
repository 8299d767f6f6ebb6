'use strict';

// The capture itself. Of what follows it, only restored processes see anything.

const core = require('#core');
const embedder = require('#embedder');
const hooks = require('./hooks.js');
const receipt = require('./receipt.js');
const report = require('./report.js');
const state = require('./state.js');
const uniqueness = require('./uniqueness.js');
const { InstallError } = require('./errors.js');
const { fail_install } = require('./finish.js');
const { serving_path } = require('./invoke.js');
const { natives, tolerant } = require('./natives.js');
const { serve, serve_next } = require('./serve.js');

// Made beforehand: a restored process allocates nothing for it.
const kRestored = { restored: true };
const kRehearsals = 16;

// The phase on the other side of the capture.
let beyond = 'serving';

// Goes over to the other side: null there; in the captured process, what became of
// it. A rehearsal only seems to.
function cross() {
  const outcome = core.capture(kRestored, beyond !== 'serving');
  if (outcome !== kRestored) return outcome;
  state.phase = beyond;
  return null;
}

// What a restored process does first, to the end of its call.
function go_on(handler, finished) {
  const outcome = cross();
  if (outcome !== null) settle(outcome);
  serve(handler, finished);
}

// Goes that way with training events, so that nothing on it is compiled, or met for
// the first time, after a restore. `put_event(i)` puts the i-th into the slot; false
// if it does not fit.
async function rehearse(handler, put_event) {
  const phase = state.phase;
  beyond = 'rehearsing';
  for (let i = 0; i < kRehearsals && put_event(i); i++) {
    await new Promise((resolve) => embedder.callNext(() => go_on(handler, resolve)));
    core.trained();
    await new Promise(setImmediate);
    if (i === kRehearsals / 2) for (const fn of serving_path) tolerant(() => natives.optimise(fn));
  }
  beyond = 'serving';
  state.phase = phase;
}

// Captures before the next call of the handler.
function capture_and_serve(handler) {
  prepare();
  go_on(handler, serve_next(handler));
}

// Captures in the middle of what is going on.
function capture() {
  prepare();
  const outcome = cross();
  if (outcome !== null) settle(outcome);
}

function prepare() {
  try {
    hooks.run_before();
  } catch (error) {
    fail_install(error);
  }
  report.begin('capture');
  receipt.record();
  uniqueness.prepare();
  core.trim();
}

// The end of the captured process.
function settle(outcome) {
  if (outcome.refused !== undefined) {
    fail_install(new InstallError('Snapshot.Refused', outcome.refused),
                 outcome.retry ? { retry: true } : {});
  }
  report.finish(outcome);
}

module.exports = { capture, capture_and_serve, rehearse };

'use strict';

// The capture itself. Of what follows it, only restored processes see anything.

const core = require('#core');
const embedder = require('#embedder');
const hooks = require('./hooks.js');
const report = require('./report.js');
const state = require('./state.js');
const uniqueness = require('./uniqueness.js');
const { InstallError } = require('./errors.js');
const { fail_install } = require('./finish.js');

// Made beforehand: a restored process allocates nothing for it.
const kRestored = { restored: true };

function capture() {
  embedder.watch(report.hooks_limit_ms(), 'Hook.Timeout', 'a before-snapshot hook');
  try {
    hooks.run_before();
  } catch (error) {
    fail_install(error);
  }
  embedder.rest();
  report.begin('capture');
  uniqueness.prepare();
  core.trim();
  const outcome = core.capture(kRestored);
  if (outcome === kRestored) {
    state.phase = 'serving';
    return;
  }
  if (outcome.refused !== undefined) {
    fail_install(new InstallError('Snapshot.Refused', outcome.refused),
                 outcome.retry ? { retry: true } : {});
  }
  report.finish(outcome);
}

module.exports = { capture };

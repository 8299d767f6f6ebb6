'use strict';

// From the arguments in the slot to the call of the handler.

const core = require('#core');
const hooks = require('./hooks.js');
const state = require('./state.js');
const uniqueness = require('./uniqueness.js');
const { answer_and_leave } = require('./finish.js');
const { invoke } = require('./invoke.js');

// What a restored process does first; training does the same. Gives the JSON text
// of the arguments.
function wake_up() {
  uniqueness.renew();
  const text = core.takeArguments();
  if (state.phase !== 'serving') {
    hooks.run_none();
    return text;
  }
  try {
    hooks.run_after();
  } catch (error) {
    answer_and_leave(error);
  }
  return text;
}

// An invocation never returns to us: its answer ends the process.
function unreachable() {}

// Serves the arguments that are in the slot.
function serve(handler, finished) {
  invoke(handler, wake_up(), finished);
}

// Makes a training call with an event's JSON text, in the same way.
let calls = 0;
function serve_training(handler, text, finished) {
  const put = core.putToSelf(`training-${calls++}`, text);
  invoke(handler, put ? wake_up() : text, finished);
}

module.exports = { serve, serve_training, unreachable, wake_up };

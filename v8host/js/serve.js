'use strict';

// From the arguments in the slot to the call of the handler.

const core = require('#core');
const embedder = require('#embedder');
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

// Serves the arguments that are in the slot.
function serve(handler, finished) {
  invoke(handler, wake_up(), finished);
}

// What follows an answer of a restored process. It ends with the answer, unless its
// requester wants it to stay: then the next arguments are served, by a call of the
// handler like any other. Nothing was restored for that one: no hooks run, and random
// generators go on from where they are.
function serve_next(handler) {
  return function next() {
    embedder.callNext(() => {
      const text = core.takeArguments();
      invoke(handler, text, next);
    });
  };
}

// Makes a training call with an event's JSON text, in the same way.
let calls = 0;
function serve_training(handler, text, finished) {
  const put = core.putToSelf(`training-${calls++}`, text);
  invoke(handler, put ? wake_up() : text, finished);
}

module.exports = { serve, serve_next, serve_training, wake_up };

'use strict';

// The course of an install: load, train, capture. Called by the event loop on an
// empty stack; what it leaves for later is called so too.

const core = require('#core');
const embedder = require('#embedder');
const job = require('#job');
const report = require('./report.js');
const state = require('./state.js');
const uniqueness = require('./uniqueness.js');
const v8 = require('v8');
const { snapshot_point } = require('./annotation.js');
const { capture_and_serve, rehearse } = require('./capture.js');
const { capture_output } = require('./console.js');
const { track_contexts } = require('./contexts.js');
const { InstallError } = require('./errors.js');
const { training_events } = require('./events.js');
const { watch_exits } = require('./exits.js');
const { answer_and_leave } = require('./finish.js');
const { define_globals } = require('./fwrun_api.js');
const { find_handler } = require('./handler.js');
const invoking = require('./invoke.js');
const { entry, handler_path, load_entry } = require('./load.js');
const { serve_from_point, taken_arguments } = require('./point.js');
const serving = require('./serve.js');
const { never_settles, train } = require('./train.js');

function start(began_us) {
  report.start(began_us);
  capture_output();
  watch_exits();
  define_globals();
  track_contexts();
  uniqueness.define_pid();
  uniqueness.define_time_origin();
  process.argv = [process.execPath, entry];
  install().catch(answer_and_leave);
}

async function install() {
  // Type feedback from the first call on, so that training needs fewer rounds. Not for
  // what node runs to boot, which would only fill the image.
  v8.setFlagsFromString('--no-lazy-feedback-allocation');
  report.begin('load');
  const limit = job.training_timeout_ms;
  embedder.watch(limit, 'Load.Timeout', `loading ${entry}`);
  const { exported, unexported } = await load_entry();
  embedder.rest();
  const handler = find_handler(exported, handler_path, unexported, entry);
  if (state.phase === 'serving') {
    // Captured at the top level; what follows it has run now.
    invoking.invoke(handler, taken_arguments(), serving.serve_next(handler));
    return;
  }

  report.begin('train');
  const events = await training_events(exported, handler);
  report.set_training(await train(handler, events));
  if (snapshot_point()) {
    embedder.callNext(() => serve_from_point(handler, events[0]));
    return;
  }
  await rehearse(handler, (i) => core.putToSelf('rehearsal', events[i % events.length]));
  embedder.callNext(() => capture_and_serve(handler));
}

// The event loop has nothing left to do.
function drained() {
  const { call } = state;
  if (call && !call.settled) {
    const { http, wants_callback } = call.handler;
    // Lambda's rule for a handler that neither calls its callback nor waits.
    if (wants_callback && !http && !call.waits) return call.succeed(undefined);
    if (state.phase !== 'serving') return never_settles();
    if (http) return call.fail(http.not_ended());
    const error = new Error('the handler returned a promise that never settles: nothing is left to ' +
                            'wait for');
    error.name = 'Runtime.NeverSettles';
    return call.fail(error);
  }
  return answer_and_leave(new InstallError(
      'Load.NeverSettles', `${entry} waits at its top level for something that never comes`));
}

module.exports = { drained, start };

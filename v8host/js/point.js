'use strict';

// Snapshot points in user code: what `__fwrun` does when one is reached.
//
// A point in a function is passed by during training. Then one more call of the
// handler is made with the point armed: the capture happens in its middle, and each
// restored process goes on from there, with an invocation's event in place of the
// training's. A point at the top level captures when it is reached for the first
// time.

const embedder = require('#embedder');
const hooks = require('./hooks.js');
const report = require('./report.js');
const state = require('./state.js');
const { snapshot_point } = require('./annotation.js');
const { capture } = require('./capture.js');
const { InstallError } = require('./errors.js');
const { training_events } = require('./events.js');
const { answer_and_leave, fail_install } = require('./finish.js');
const { runtime } = require('./fwrun_api.js');
const { find_handler } = require('./handler.js');
const { continue_call, parse } = require('./invoke.js');
const { entry, handler_path, partly_loaded } = require('./load.js');
const { serve_next, serve_training, wake_up } = require('./serve.js');
const { train } = require('./train.js');

// The handler's parameters as they are now.
const parameters = () => state.http ?? [state.event, state.context, state.call?.callback];

// In a function: the values for the handler's parameters.
function at_function() {
  if (state.phase === 'armed') {
    capture();
    continue_call(wake_up());
  }
  return parameters();
}

// fwrun.snapshotHere(), where its value is used: wherever it stands.
function at_call() {
  if (snapshot_point()?.functionName === null && state.phase === 'loading') at_top_level();
  else at_function();
  return state.event;
}

// Arguments that were taken at the top level, for the call that follows loading.
let taken = null;
let reached = false;

function at_top_level() {
  if (reached || state.phase !== 'loading') return undefined;
  reached = true;
  if (snapshot_point().kind === 'toplevel' && snapshot_point().async) {
    return train_early().then(capture_at_top_level);
  }
  const trained = train_early();
  let failed = null;
  const settled = trained.catch((error) => { failed = { error }; });
  // No limit of its own: training has one.
  const how = embedder.runUntilSettled(settled, Number.MAX_SAFE_INTEGER / 1e7);
  if (failed) throw failed.error;
  if (how === 'nothing left') require('./train.js').never_settles();
  capture_at_top_level();
  return undefined;
}

// Trains the handler if the module has one at this point.
async function train_early() {
  const { exported, unexported } = partly_loaded();
  let handler;
  try {
    handler = find_handler(exported, handler_path, unexported, entry);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    const { file, line } = snapshot_point();
    report.warn(`${file}:${line}: the handler is not exported yet where the snapshot is taken, so ` +
                'its code was not optimised: move the snapshot behind it');
    return;
  }
  report.begin('train');
  const events = await training_events(exported, handler);
  report.set_training(await train(handler, events));
}

function capture_at_top_level() {
  state.phase = 'loading';
  state.call = null;
  capture();
  taken = wake_up();
  try {
    state.event = parse(taken);
  } catch (error) {
    answer_and_leave(error);
  }
}

Object.assign(runtime, {
  atStatement: at_function,
  atFunction: at_function,
  atTopLevel: at_top_level,
  atCall: at_call,
});

// Calls the handler with the point armed. Returns in restored processes only, if at all.
// The call that was captured can go on only once: a restored process that stays serves
// its next invocation from the handler's start, what stands before the point included.
function serve_from_point(handler, event) {
  state.phase = 'armed';
  const { file, line, column } = snapshot_point();
  const at = { file, line, column };
  const next = serve_next(handler);
  serve_training(handler, event, () => {
    if (state.phase === 'serving') return next();
    return fail_install(new InstallError(
        'Annotation.NotReached',
        `${file}:${line}:${column}: the snapshot point was not reached when the ` +
            'handler was called with training event 0',
        { at }));
  });
}

module.exports = { serve_from_point, taken_arguments: () => taken };

'use strict';

// Ways for user code to end the process other than by answering: process.exit(),
// an exception nobody catches, a promise rejected that nobody handles. Each
// becomes an error that tells so.

const state = require('./state.js');
const { InstallError, describe, place_of, show_place } = require('./errors.js');
const { answer_and_leave, explain, fail_install } = require('./finish.js');

const kDuring = {
  loading: ['Load', 'while the module was loaded'],
  training: ['Training', 'in training'],
  rehearsing: ['Training', 'in training'],
  armed: ['Training', 'in training'],
};

function named(type, message, stack) {
  const error = new Error(message);
  error.name = type;
  error.stack = stack;
  return error;
}

function on_exit(code) {
  const here = new Error();
  Error.captureStackTrace(here, on_exit);
  const number = Number(code) || 0;
  if (state.phase === 'serving') {
    const message = `the function called process.exit(${number}) instead of returning a result`;
    const frames = here.stack.slice(here.stack.indexOf('\n'));
    answer_and_leave(named('Runtime.ExitError', message, `Runtime.ExitError: ${message}${frames}`));
  }
  const [type, during] = kDuring[state.phase];
  const at = place_of(here);
  const where = at ? ` at ${show_place(at)}` : '';
  fail_install(new InstallError(`${type}.Exit`,
                                `process.exit(${number}) was called ${during}${where}`, { at }));
}

function on_uncaught(thrown, origin) {
  // A listener of the user's has the say.
  if (process.listenerCount('uncaughtException') > 1) return;
  const rejected = origin === 'unhandledRejection';
  if (state.phase === 'serving') {
    if (!rejected) answer_and_leave(thrown);
    const { errorType, errorMessage, trace } = describe(thrown);
    answer_and_leave(named('Runtime.UnhandledPromiseRejection', `${errorType}: ${errorMessage}`,
                           trace.join('\n')));
  }
  const [type, during] = kDuring[state.phase];
  fail_install(explain(`${type}.${rejected ? 'UnhandledRejection' : 'UncaughtException'}`,
                       rejected ? `a promise was rejected ${during} and nobody handled it`
                                : `an exception was not caught ${during}`,
                       thrown));
}

function watch_exits() {
  // process.exit() ends in it, after the listeners for 'exit'.
  process.reallyExit = on_exit;
  process.on('uncaughtException', on_uncaught);
}

module.exports = { watch_exits };

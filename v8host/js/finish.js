'use strict';

// Ends of this process by an error. Nothing here returns.

const core = require('#core');
const state = require('./state.js');
const { InstallError, describe, place_of, show_place } = require('./errors.js');

// Answers the install. `more` is added to the answer.
function fail_install(error, more = {}) {
  const ours = error instanceof InstallError;
  const told = ours && error.cause !== undefined ? error.cause : error;
  core.finish(true, JSON.stringify({
    errorType: ours ? error.name : 'Install.Internal',
    errorMessage: `${error.message}`,
    trace: ours && error.cause === undefined ? [] : describe(told).trace,
    ...(ours && error.at ? error.at : place_of(told)),
    ...more,
  }));
}

// Answers the invocation; the install, if there is none yet.
function answer_and_leave(error) {
  if (state.phase !== 'serving') fail_install(error);
  core.answer(true, JSON.stringify(describe(error)));
  core.exitNow(0);
}

// An error that tells in which circumstances something was thrown, and where.
function explain(type, circumstances, thrown, log = '') {
  const { errorType, errorMessage } = describe(thrown);
  const at = place_of(thrown);
  const where = at ? ` (${show_place(at)})` : '';
  const output = log.trim() === '' ? '' : `\nits output was:\n${log.trimEnd()}`;
  return new InstallError(type, `${circumstances}: ${errorType}: ${errorMessage}${where}${output}`,
                          { at, cause: thrown });
}

module.exports = { answer_and_leave, explain, fail_install };

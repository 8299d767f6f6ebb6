'use strict';

// Functions of the user's that run before the snapshot (the one registered last
// first) and after each restore (the one registered first first).
//
// They run to their end before anything else goes on, wherever the snapshot point
// is: for one that returns a promise the event loop runs meanwhile.

const embedder = require('#embedder');
const job = require('#job');
const { InstallError, describe, show_place } = require('./errors.js');

const before = [];
const after = [];
const kNone = [];

function register(list, name) {
  return (fn) => {
    if (typeof fn !== 'function') throw new TypeError(`fwrun.${name}() takes a function`);
    list.push(fn);
  };
}

// Timers do not stop a hook that keeps the thread busy; the watchdog does. It has a
// thread of its own, so there is none in restored processes, where whoever awaits the
// invocation has a deadline.
const kGraceMs = 500;

function run_before() {
  for (const hook of [...before].reverse()) {
    embedder.watch(job.hook_timeout_ms + kGraceMs, 'Hook.Timeout', name_of(hook, 'before-snapshot'));
    run_one(hook, 'before-snapshot');
  }
  embedder.rest();
}

const run_after = () => run(after, 'after-restore');

// Training runs this instead of run_after(), so that it is compiled.
const run_none = () => run(kNone, 'after-restore');

function run(hooks, kind) {
  for (const hook of hooks) run_one(hook, kind);
}

function run_one(hook, kind) {
  let outcome = null;
  let result;
  try {
    result = hook();
  } catch (thrown) {
    throw failure(hook, kind, thrown);
  }
  if (typeof result?.then !== 'function') return;
  const settled = Promise.resolve(result).then(() => {}, (thrown) => { outcome = { thrown }; });
  const state = embedder.runUntilSettled(settled, job.hook_timeout_ms);
  if (state === 'pending') {
    throw error_of('Hook.Timeout', hook, kind, `took more than ${job.hook_timeout_ms} ms`);
  }
  if (state === 'nothing left') {
    throw error_of('Hook.NeverSettles', hook, kind,
                   'returned a promise that nothing can settle any more');
  }
  if (outcome) throw failure(hook, kind, outcome.thrown);
}

function failure(hook, kind, thrown) {
  const { errorType, errorMessage } = describe(thrown);
  return error_of('Hook.Failed', hook, kind, `failed: ${errorType}: ${errorMessage}`, thrown);
}

const error_of = (type, hook, kind, what, cause) =>
    new InstallError(type, `${name_of(hook, kind)} ${what}`, { at: place_of(hook), cause });

const name_of = (hook, kind) =>
    `the ${kind} hook ${hook.name || 'function'} at ${show_place(place_of(hook))}`;

function place_of(hook) {
  const { file, line, column } = embedder.placeOf(hook);
  return { file: file.replace(/^file:\/\//, ''), line, column };
}

module.exports = {
  after_restore: register(after, 'afterRestore'),
  before_snapshot: register(before, 'beforeSnapshot'),
  run_after,
  run_before,
  run_none,
};

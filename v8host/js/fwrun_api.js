'use strict';

// What user code sees of us: the module "fwrun", also as a global, and `__fwrun`,
// which annotated code calls.

const hooks = require('./hooks.js');
const { add_annotated } = require('./jit.js');
const state = require('./state.js');

const fwrun = {
  // The snapshot is taken here; returns the invocation's event.
  snapshotHere() { return runtime.atCall(); },

  // Functions to run before the snapshot and after each restore: see hooks.js.
  beforeSnapshot(fn) { hooks.before_snapshot(fn); },
  afterRestore(fn) { hooks.after_restore(fn); },

  // Of the invocation, or of the training call under way.
  get event() { return state.event; },
  get context() { return state.context; },

  get isRestored() { return state.phase === 'serving'; },
};

// The snapshot points are added by point.js, unexported() by commonjs.js.
const runtime = {
  jit(fn, name) {
    if (state.phase !== 'serving') add_annotated(fn, name);
    return fn;
  },
};

function define_globals() {
  for (const [name, value] of [['fwrun', fwrun], ['__fwrun', runtime]]) {
    Object.defineProperty(globalThis, name,
                          { value, configurable: true, enumerable: false, writable: true });
  }
}

module.exports = { define_globals, fwrun, runtime };

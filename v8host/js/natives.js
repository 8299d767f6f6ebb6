'use strict';

// V8's functions for tests, as far as we need them, and the meaning of the bits of
// an optimisation status. Both differ between versions of V8: what is not there is
// null, and the bits are found out by watching a function of our own.

const v8 = require('v8');

// Each is parsed, and compiled by a first call, while the flag allows it.
function make_natives() {
  const probe = new Function('return 1');
  probe();
  const make = (call) => {
    try {
      const native = new Function('fn', call);
      native(probe);
      return native;
    } catch {
      return null;
    }
  };
  v8.setFlagsFromString('--allow-natives-syntax');
  try {
    return {
      status: make('return %GetOptimizationStatus(fn);'),
      // Makes it compiled, and ready to collect type feedback.
      prepare: make('%EnsureFeedbackVectorForFunction(fn);') ??
          make('%PrepareFunctionForOptimization(fn);'),
      // Optimises at the next call. Aborts the process on some functions, unless
      // tolerant() is around it.
      mark: make('%OptimizeFunctionOnNextCall(fn);'),
      // Optimises at once. The function must be compiled and prepared.
      optimise: make('%CompileTurbofan_Synchronous(fn);'),
      deoptimise: make('%DeoptimizeFunction(fn);'),
    };
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax');
  }
}

const natives = make_natives();

// V8 checks what its test functions are given by ending the process, except when it
// is told that they are being fuzzed.
function tolerant(action) {
  v8.setFlagsFromString('--fuzzing');
  try {
    return action();
  } finally {
    v8.setFlagsFromString('--no-fuzzing');
  }
}

// A function that V8 has not compiled yet: one inside another, as the outer ones
// are compiled at once.
const make_lazy = () => new Function('return function (a, b) { return a * b + (a ^ b); };')();

function find_bits() {
  const { status } = natives;
  const fn = make_lazy();
  const lazy = status(fn);
  natives.prepare(fn);
  fn(1, 2);
  fn(3, 4);
  const interpreted = status(fn);
  tolerant(() => natives.mark(fn));
  const marked = status(fn);
  fn(5, 6);
  const optimised = status(fn);
  return {
    lazy,
    interpreted: interpreted & ~lazy,
    marked: marked & ~interpreted,
    optimised: optimised & ~interpreted & ~marked,
  };
}

const bits = find_bits();

const has_all = (status, wanted) => wanted !== 0 && (status & wanted) === wanted;

const is_optimised = (fn) => has_all(natives.status(fn), bits.optimised);
const is_marked = (fn) => has_all(natives.status(fn), bits.marked);

// Compiled, by whatever tier: a function that was never called is not.
const is_compiled = (fn) => natives.status(fn) !== bits.lazy;

function tier_of(fn) {
  const status = natives.status(fn);
  if (has_all(status, bits.optimised)) return 'turbofan';
  if (status === bits.lazy) return 'uncompiled';
  return has_all(status, bits.interpreted) ? 'interpreted' : 'baseline';
}

module.exports = { is_compiled, is_marked, is_optimised, natives, tier_of, tolerant };

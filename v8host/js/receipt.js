'use strict';

// What became of the code that V8 optimised: which functions lost theirs in training,
// how large it is, and what restored processes have to lose.

const embedder = require('#embedder');
const v8 = require('v8');
const { is_optimised, natives, tolerant } = require('./natives.js');

// {fn, name, file, line} of every function that user code or a dependency defines.
let known = [];
let functions = [];

// From here on V8 tells of each optimised code that it gives up.
function watch(places) {
  known = places;
  functions = places.map(({ fn }) => fn);
  v8.setFlagsFromString('--trace-deopt');
  v8.setFlagsFromString('--trace-file-names');
}

// [{fn, reason}] of the functions that lost optimised code since the last call.
function lost() {
  const pairs = embedder.lostCode(functions);
  return pairs === undefined ? [] : pairs.map(([i, reason]) => ({ fn: functions[i], reason }));
}

// Bytes of each function's optimised code, by "NAME FILE:LINE", of all code that was made
// between the first call and the last, but for pauses. What was made last counts.
const sizes = new Map();

function begin_code_sizes() { embedder.beginCodeSizes(); }

function pause_code_sizes() {
  for (const [name, bytes] of embedder.endCodeSizes()) sizes.set(name, bytes);
}

function end_code_sizes() {
  pause_code_sizes();
  return sizes;
}

// Optimised for numbers, then called with a text.
function make_probe() {
  const probe = new Function('a', 'b', 'return a + b;');
  natives.prepare(probe);
  probe(1, 2);
  probe(3, 4);
  tolerant(() => natives.mark(probe));
  probe(5, 6);
  probe('a', 'b');
  return probe;
}

// Right before the capture: a restored process tells what it lost of the code that is
// there now.
function record() {
  if (known.length === 0) return;
  embedder.recordOptimised(known.filter(({ fn }) => is_optimised(fn)), make_probe(), is_optimised);
}

module.exports = { begin_code_sizes, end_code_sizes, lost, pause_code_sizes, record, watch };

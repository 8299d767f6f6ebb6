'use strict';

// Has V8 optimise the functions that training reaches, and says of each what became
// of it.

const embedder = require('#embedder');
const receipt = require('./receipt.js');
const v8 = require('v8');
const { fileURLToPath } = require('url');
const { is_compiled, is_marked, is_optimised, natives, tier_of, tolerant } = require('./natives.js');

// A function that V8 gives up again after so many attempts stays as it is.
const kMostAttempts = 4;

// Functions that user code annotated with @jit; weak, as some are made anew by each
// call of another.
const annotated = [];

function add_annotated(fn, name) {
  if (typeof fn === 'function') annotated.push({ fn: new WeakRef(fn), name });
}

// Characters. V8 limits the size of bytecode, which it does not tell; no function
// this short reaches the limit.
const kLongFunction = 30000;

const path_of = (file) => file.startsWith('file:') ? fileURLToPath(file) : file;
const is_dependency = (file) => file.includes('/node_modules/');

// The function that node makes of a whole CommonJS file.
const is_module = (fn) => fn.name === '' && fn.length === 5 &&
    Function.prototype.toString.call(fn).startsWith('function (exports, require, module,');

class Jit {
  constructor() {
    // {fn, name, file, line, label, markable, reached, attempts, declined, lost}: see below.
    this.functions = [];
  }

  // Finds the functions there are. V8 forgets all type feedback over this.
  discover() {
    const live = embedder.liveFunctions();
    const names = this.annotated_names_();
    const places = live.map(({ fn, name, file, line }) => ({
      fn,
      name: names.get(fn) || name || '(anonymous)',
      file: path_of(file),
      line,
      label: `${name} ${file}:${line}`,  // V8's
    }));
    receipt.watch(places);
    const chosen = annotated.length > 0 ? places.filter(({ fn }) => names.has(fn)) : places;
    this.functions = chosen.map((place) => ({
      ...place,
      markable: false,
      reached: false,
      attempts: 0,
      declined: false,
      lost: new Set(),  // why V8 gave up what optimise() had made
    }));
    for (const { fn } of this.functions) if (is_compiled(fn)) natives.prepare(fn);
  }

  annotated_names_() {
    const names = new Map();
    for (const { fn, name } of annotated) {
      const there = fn.deref();
      if (there) names.set(there, name);
    }
    return names;
  }

  // Which functions does training call? V8 keeps no such record, but optimises a
  // marked function when it is called, and removes the mark. For that every call
  // must be a real one: nothing optimised yet, nothing inlined.
  //   begin_reaching(); (training calls); end_reaching()
  begin_reaching() {
    v8.setFlagsFromString('--no-turbo-inlining');
    tolerant(() => {
      for (const one of this.functions) {
        if (!is_compiled(one.fn)) continue;
        natives.deoptimise(one.fn);
        natives.mark(one.fn);
        one.markable = is_marked(one.fn);
      }
    });
  }

  end_reaching() {
    v8.setFlagsFromString('--turbo-inlining');
    for (const one of this.functions) {
      // What could not be marked must not be optimised either: it would end the process.
      one.reached = one.markable && !is_marked(one.fn);
      if (is_optimised(one.fn)) natives.deoptimise(one.fn);
    }
    // All code that is left at the end is made from here on.
    receipt.begin_code_sizes();
  }

  // Runs code of the host's own. Not watched: for its log of code V8 counts the lines of
  // every script concerned, and keeps the result.
  unwatched(action) {
    receipt.pause_code_sizes();
    action();
    receipt.begin_code_sizes();
  }

  // Optimises what is reached and not optimised. Returns how many there were.
  optimise() {
    let count = 0;
    for (const one of this.functions) {
      if (!one.reached || one.declined || one.attempts >= kMostAttempts) continue;
      if (is_optimised(one.fn)) continue;
      one.attempts++;
      natives.prepare(one.fn);
      if (natives.optimise) {
        natives.optimise(one.fn);
        one.declined = !is_optimised(one.fn);
      } else {
        tolerant(() => natives.mark(one.fn));
      }
      if (!one.declined) count++;
    }
    return count;
  }

  // Notes which functions lost code that optimise() had made; to be called after each
  // training call. What V8 had optimised by itself before is of no interest.
  observe() {
    for (const { fn, reason } of receipt.lost()) {
      const one = this.functions.find((function_) => function_.fn === fn);
      if (one && one.attempts > 0) one.lost.add(reason);
    }
  }

  // What embed/report.h calls FunctionReport, of all functions of the user's files and
  // of those of dependencies that training reaches. `handler`, `first_us` and `steady_us`:
  // a call of it before and after; those of other functions are not measured.
  report(handler, first_us, steady_us) {
    const sizes = receipt.end_code_sizes();
    return this.functions
        .filter(({ fn, name, reached, file }) =>
                  reached || !(is_dependency(file) || is_module(fn) || name.startsWith('<')))
        .map((one) => {
          const tier = tier_of(one.fn);
          const optimised = tier === 'turbofan';
          const entry = {
            name: one.name,
            file: one.file,
            line: one.line,
            tier,
            optimised,
            annotated: annotated.length > 0,
            deoptimisations: [...one.lost],
          };
          if (optimised) entry.code_bytes = sizes.get(one.label) ?? 0;
          else entry.reason = reason(one, tier);
          if (one.fn === handler) {
            entry.before_us = first_us;
            if (optimised) entry.after_us = steady_us;
          }
          return entry;
        });
  }
}

function reason({ fn, markable, reached, attempts, declined }, tier) {
  if (tier !== 'uncompiled' && !markable) return 'V8 never optimises functions of its kind';
  if (!reached) return 'training never called it';
  if (!declined) {
    return `V8 gave its optimised code up again ${attempts} times: the types of its values keep ` +
        'changing from call to call';
  }
  const characters = Function.prototype.toString.call(fn).length;
  return 'V8 declined to optimise it' +
      (characters > kLongFunction ? `: it is too long (${characters} characters)` : '');
}

module.exports = { Jit, add_annotated };

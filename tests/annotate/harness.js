'use strict';

// test(name, body): registers a test; all run in turn once the file is loaded,
// asynchronous ones included. Prints a line for each, ends with 1 if any failed.
//
// The environment names the parser (FW_ACORN) and the annotator's folder
// (FW_ANNOTATE_JS), as ctest does.

const assert = require('assert');
const path = require('path');
const vm = require('vm');

const js_dir = process.env.FW_ANNOTATE_JS ?? path.join(__dirname, '../../annotate/js');
const acorn = require(process.env.FW_ACORN ?? '/usr/share/nodejs/acorn');
const {annotate} = require(path.join(js_dir, 'annotate.js'));

const tests = [];
let failed = 0;
let finished = false;

function test(name, body) {
  tests.push({name, body});
}

async function run_all() {
  for (const [index, {name, body}] of tests.entries()) {
    try {
      await body();
      console.log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${index + 1} - ${name}\n${error.stack}`);
    }
  }
  console.log(`1..${tests.length}`);
  finished = true;
  process.exitCode = failed > 0 || tests.length === 0 ? 1 : 0;
}

process.on('exit', () => {
  if (finished) return;
  console.log('not ok - the tests ended before all had run');
  process.exitCode = 1;
});
setImmediate(run_all);

// Lines of a program as one text.
const lines = (...all) => all.join('\n');

const line_starts = (text) => text.split(/\r\n?|[\n\u2028\u2029]/).length;

// Annotates and checks what holds for every file: it still parses, with as many lines.
function annotated(source, options = {}) {
  const result = annotate(
      source,
      {filename: 'user.js', sourceType: 'commonjs', acorn, handlerPath: ['handler'], ...options});
  assert.strictEqual(line_starts(result.code), line_starts(source), result.code);
  acorn.parse(result.code, {
    ecmaVersion: 'latest',
    allowHashBang: true,
    sourceType: options.sourceType === 'module' ? 'module' : 'script',
    allowReturnOutsideFunction: options.sourceType !== 'module'
  });
  return result;
}

const annotated_module = (source, options) => annotated(source, {sourceType: 'module', ...options});

// Checks that annotating throws an error of that kind at "line:column" whose message
// matches each pattern.
function rejects(source, name, place, patterns, options = {}) {
  let thrown = null;
  try {
    annotated(source, options);
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown, 'nothing was thrown');
  assert.strictEqual(thrown.name, name, thrown.stack);
  assert.strictEqual(
      `${thrown.file}:${thrown.line}:${thrown.column}`, `user.js:${place}`, thrown.message);
  for (const pattern of [patterns].flat()) assert.match(thrown.message, pattern);
}

// The runtime as the annotated code sees it: `arguments_` is what an invocation
// brings, `calls` what was called, `jitted` what was handed over.
function fake_runtime(arguments_ = []) {
  const runtime = {calls: [], jitted: []};
  const take = (name) => () => {
    runtime.calls.push(name);
    return arguments_;
  };
  runtime.api = {
    atStatement: take('atStatement'),
    atFunction: take('atFunction'),
    atTopLevel: take('atTopLevel'),
    jit(fn, name) {
      runtime.jitted.push({fn, name});
      return fn;
    },
  };
  return runtime;
}

// Runs a CommonJS file as Node does and returns its exports.
function load(code, runtime, {filename = '/app/user.js', modules = {}} = {}) {
  globalThis.__fwrun = runtime.api;
  globalThis.fwrun = {snapshotHere: () => runtime.api.atStatement()[0]};
  const module = {exports: {}};
  const parameters = ['exports', 'require', 'module'];
  const body = vm.compileFunction(code, parameters, {filename});
  body.call(module.exports, module.exports, (name) => modules[name] ?? require(name), module);
  return module.exports;
}

// Runs an ES module and returns its namespace.
function load_module(code, runtime) {
  globalThis.__fwrun = runtime.api;
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

// Annotates a CommonJS file, calls its handler with `training` and returns what it
// answers to `invocation`, both arrays of arguments.
function answer(source, training, invocation, options = {}) {
  const runtime = fake_runtime(invocation);
  const {code} = annotated(source, options);
  return load(code, runtime).handler(...training);
}

module.exports = {
  acorn,
  annotate,
  annotated,
  annotated_module,
  answer,
  assert,
  fake_runtime,
  js_dir,
  lines,
  load,
  load_module,
  rejects,
  test,
};

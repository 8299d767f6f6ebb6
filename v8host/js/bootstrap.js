'use strict';

// The first of our JavaScript to run; its parameters (process, nativeRequire,
// embedder, startedUs) are given by run_job.cc. Loads the host's other files, each
// once, as CommonJS modules, and returns what the event loop calls.
//
// In those files require() takes './file.js', the name of a module of node's, also
// of an internal one, or one of the three objects below.

const core = process._linkedBinding('fwrun_core');
const { compileFunction } = nativeRequire('vm');

const loaded = new Map([
  ['#core', core],
  ['#embedder', embedder],
  ['#job', JSON.parse(core.job)],
]);

// Loads a file and those it requires into `modules`.
function load(path, modules) {
  const known = modules.get(path);
  if (known) return known.exports;
  const source = embedder.source(path);
  if (source === undefined) throw new Error(`the host has no file ${path}`);
  const module = { exports: {} };
  modules.set(path, module);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const require = (request) => {
    if (request.startsWith('./')) return load(folder + request.slice(2), modules);
    if (request.startsWith('#')) return loaded.get(request);
    return nativeRequire(request);
  };
  const run = compileFunction(source, ['exports', 'require', 'module', 'process'],
                              { filename: `fwrun:${path}` });
  run.call(module.exports, module.exports, require, module, process);
  return module.exports;
}

const ours = new Map();

// What our files of these names export.
loaded.set('#ours', (names) => names.map((name) => ours.get(`v8host/${name}.js`).exports));

// The annotator is needed while user code is loaded, not afterwards: every use
// loads it anew, so that the collector can take it.
loaded.set('#annotator', () => load('annotate/annotate.js', new Map()));

const { start, drained } = load('v8host/install.js', ours);
return { start: () => start(startedUs), drained };

'use strict';

// Loads the entry as a CommonJS module. What it requires comes through node's own
// loader, which passes every source text through Module.prototype._compile.

const Module = require('module');
const { compileFunction } = require('vm');
const { annotate_source } = require('./annotation.js');
const { fwrun, runtime } = require('./fwrun_api.js');
const { framework, kName } = require('./http_framework.js');

const kParameters = ['exports', 'require', 'module', '__filename', '__dirname'];

// Names that the entry declares without exporting them: OpenWhisk's main().
let unexported = {};
runtime.unexported = (names) => { unexported = names; };

// Adds code that hands out what the entry calls `name`. It stands on a line of its
// own behind the source; a source that does not compile stays as it is, so that its
// error is the one that is seen.
function with_unexported(source, file, name) {
  if (!source.includes(name) || !/^[\w$]+$/.test(name)) return source;
  try {
    compileFunction(source, kParameters, { filename: file });
  } catch {
    return source;
  }
  return `${source}\n;__fwrun.unexported({ ${name}: typeof ${name} === 'undefined' ? undefined : ${name} });`;
}

// `entry`: its path. `main_name`: see with_unexported().
function hook_loader(entry, main_name) {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, file) {
    let code = annotate_source(source, file, 'commonjs');
    if (file === entry) code = with_unexported(code, file, main_name);
    return compile.call(this, code, file);
  };
  const load = Module._load;
  Module._load = function (request, parent, is_main) {
    if (request === 'fwrun') return fwrun;
    return request === kName ? framework : load.call(this, request, parent, is_main);
  };
}

// Synchronously: {exported, unexported}.
function load_commonjs(entry) {
  const exported = Module._load(entry, null, false);
  return { exported, unexported };
}

// What the entry has exported so far, while it is loaded.
function partly_loaded(entry) {
  return { exported: Module._cache[entry]?.exports, unexported: {} };
}

module.exports = { hook_loader, load_commonjs, partly_loaded };

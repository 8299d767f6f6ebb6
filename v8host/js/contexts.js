'use strict';

// Contexts that user code makes with node's vm module each have a Math.random() of
// their own: they are made known to the embedder, which renews it.

const embedder = require('#embedder');
const vm = require('vm');

function announce(sandbox) {
  embedder.ownContext(vm.runInContext('Object', sandbox));
  return sandbox;
}

function track_contexts() {
  const { createContext, isContext, runInNewContext, Script } = vm;
  const run_in_new = Script.prototype.runInNewContext;

  vm.createContext = function (sandbox = {}, options = undefined) {
    const known = isContext(sandbox);
    const contextified = createContext(sandbox, options);
    return known ? contextified : announce(contextified);
  };
  // These two would make a context without asking createContext().
  vm.runInNewContext = function (code, sandbox, options) {
    const own = typeof options === 'object' ? options : undefined;
    return runInNewContext(code, vm.createContext(sandbox, context_options(own)), options);
  };
  Script.prototype.runInNewContext = function (sandbox, options) {
    return run_in_new.call(this, vm.createContext(sandbox, context_options(options)), options);
  };
}

// createContext() has other names for the same options.
function context_options(options) {
  if (options === undefined || options === null) return undefined;
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } = options;
  const given = { name: contextName, origin: contextOrigin, codeGeneration: contextCodeGeneration,
                  microtaskMode };
  for (const [name, value] of Object.entries(given)) if (value === undefined) delete given[name];
  return given;
}

module.exports = { track_contexts };

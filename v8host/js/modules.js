'use strict';

// Loads the entry as an ES module, through node's own loader with customisations in
// this thread. (The public way in node 18, --loader, starts a thread for them.)

const { readFileSync } = require('fs');
const { fileURLToPath, pathToFileURL } = require('url');
const { annotate_source } = require('./annotation.js');

const { initializeImportMeta } = require('internal/modules/esm/initialize_import_meta');
const { esmLoader } = require('internal/process/esm_loader');
// Resolving before loading: these two require each other, and that is how node
// begins.
require('internal/modules/esm/resolve');
const { defaultLoad } = require('internal/modules/esm/load');

const kApiUrl = 'fwrun:api';
const kApiSource = `
const { fwrun } = globalThis;
export default fwrun;
export const { snapshotHere, beforeSnapshot, afterRestore } = fwrun;`;

function resolve(specifier, parent_url, attributes) {
  if (specifier === 'fwrun') return { __proto__: null, url: kApiUrl, format: 'module' };
  return esmLoader.defaultResolve(specifier, parent_url, attributes);
}

async function load(url, context) {
  if (url === kApiUrl) {
    return { __proto__: null, format: 'module', responseURL: url, source: kApiSource };
  }
  if (context.format !== 'module' || !url.startsWith('file:')) return defaultLoad(url, context);
  // Read synchronously: node's way would start libuv's threads.
  const file = fileURLToPath(url);
  const source = annotate_source(readFileSync(file, 'utf8'), file, 'module');
  return defaultLoad(url, { ...context, source });
}

function hook_loader() {
  esmLoader.setCustomizations({
    allowImportMetaResolve: true,
    resolve,
    resolveSync: resolve,
    load,
    importMetaInitialize: (meta, context, loader) => initializeImportMeta(meta, context, loader),
    forceLoadHooks() {},
    register() {
      throw new Error('module.register() is not supported: its hooks would run in a thread that ' +
                      'restored processes do not have');
    },
  });
}

const url_of = (entry) => pathToFileURL(entry).href;

async function load_module(entry) {
  const exported = await esmLoader.import(url_of(entry), undefined, { __proto__: null });
  return { exported, unexported: {} };
}

// What the entry exports, while it is still running.
function partly_loaded(entry) {
  return { exported: esmLoader.loadCache.get(url_of(entry))?.module?.getNamespace(), unexported: {} };
}

module.exports = { hook_loader, load_module, partly_loaded };

'use strict';

// Loads the entry as an ES module, through node's own loader with customisations in
// this thread. (The public way in node 18, --loader, starts a thread for them.)

const { readFileSync } = require('fs');
const { fileURLToPath, pathToFileURL } = require('url');
const { annotate_source } = require('./annotation.js');
const { runtime } = require('./fwrun_api.js');
const { framework, kName } = require('./http_framework.js');

const { initializeImportMeta } = require('internal/modules/esm/initialize_import_meta');
const { esmLoader } = require('internal/process/esm_loader');
// Resolving before loading: these two require each other, and that is how node
// begins.
require('internal/modules/esm/resolve');
const { defaultLoad } = require('internal/modules/esm/load');

// What user code can import of us: {name: {url, source}}.
runtime.framework = framework;
const kCarried = {
  'fwrun': {
    url: 'fwrun:api',
    source: `
const { fwrun } = globalThis;
export default fwrun;
export const { snapshotHere, beforeSnapshot, afterRestore } = fwrun;`,
  },
  [kName]: {
    url: 'fwrun:functions-framework',
    source: `
const { framework } = globalThis.__fwrun;
export default framework;
export const { cloudEvent, http } = framework;`,
  },
};

function resolve(specifier, parent_url, attributes) {
  if (Object.hasOwn(kCarried, specifier)) {
    return { __proto__: null, url: kCarried[specifier].url, format: 'module' };
  }
  return esmLoader.defaultResolve(specifier, parent_url, attributes);
}

async function load(url, context) {
  const carried = Object.values(kCarried).find((one) => one.url === url);
  if (carried) {
    return { __proto__: null, format: 'module', responseURL: url, source: carried.source };
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

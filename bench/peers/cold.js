'use strict';

// node cold.js FILE HANDLER EVENT: what a process does that is started for one
// call. Loads the file, calls the handler with the event, prints the answer.

const { pathToFileURL } = require('url');

// Code that says where its snapshot is to be taken runs here as well.
global.fwrun = { snapshotHere() {}, beforeSnapshot() {}, afterRestore() {} };

function find(exported, names) {
  return names.split('.').reduce((object, name) => object[name], exported);
}

function handler_of(exported, names) {
  if (names) return find(exported, names);
  const all = typeof exported === 'function' ? { handler: exported } : exported;
  return all.handler || all.main || handler_of(all.default || {}, 'handler');
}

function call(handler, event) {
  if (handler.length < 3) return handler(event, {});
  return new Promise((resolve, reject) => {
    handler(event, {}, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

async function main([file, names, event]) {
  const exported = file.endsWith('.mjs') ? await import(pathToFileURL(file)) : require(file);
  const result = await call(handler_of(exported, names), JSON.parse(event));
  process.stdout.write(`${JSON.stringify(result === undefined ? null : result)}\n`);
}

main(process.argv.slice(2));

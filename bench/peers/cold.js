'use strict';

// node cold.js FILE HANDLER EVENT: what a process does that is started for one
// call. Loads the file, calls the handler with the event, prints the answer.

const { pathToFileURL } = require('url');

const [file, names, event_text] = process.argv.slice(2);
const event = JSON.parse(event_text);

// Code that says where its snapshot is to be taken runs here as well.
global.fwrun = { snapshotHere: () => event, beforeSnapshot() {}, afterRestore() {} };

function handler_of(exported) {
  if (names) return names.split('.').reduce((object, name) => object[name], exported);
  if (typeof exported === 'function') return exported;
  return exported.handler || exported.main || handler_of(exported.default);
}

function call(handler) {
  if (handler.length < 3) return handler(event, {});
  return new Promise((resolve, reject) => {
    handler(event, {}, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

async function main() {
  const exported = file.endsWith('.mjs') ? await import(pathToFileURL(file)) : require(file);
  const result = await call(handler_of(exported));
  process.stdout.write(`${JSON.stringify(result === undefined ? null : result)}\n`);
}

main();

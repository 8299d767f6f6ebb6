'use strict';

// What user code gets as '@google-cloud/functions-framework', whether the package is
// installed or not: its server would never be asked.

const registered = new Map();

function http(name, fn) {
  if (typeof name !== 'string' || typeof fn !== 'function') {
    throw new TypeError('functions.http() takes a name and a function (req, res)');
  }
  registered.set(name, fn);
}

function cloudEvent(name) {
  throw new Error(`functions.cloudEvent(${JSON.stringify(name)}) is not supported: register the ` +
                  'function with functions.http(), or export a handler (event, context)');
}

const framework = { cloudEvent, http };

module.exports = { framework, kName: '@google-cloud/functions-framework', registered };

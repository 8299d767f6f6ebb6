'use strict';

// Finds the handler among what a module exports, and how it is called.

const job = require('#job');
const { InstallError } = require('./errors.js');
const { registered } = require('./http_framework.js');

// Tried in this order when the install names no handler. The last one is the
// export itself: module.exports = function ...
const kConventions = [['handler'], ['main'], ['default'], ['default', 'handler'], []];

const kAbsent = Symbol('absent');

// A callback is passed always; a function that names it as a parameter answers
// through it, as with Lambda.
const kCallbackParameters = 3;

// The first two parameters of a function that takes HTTP requests.
const kHttpParameters = /^[^(]*\(\s*_?req(?:uest)?\s*,\s*_?res(?:ponse)?\s*[,)=]/;
const kComments = /\/\*[^]*?\*\/|\/\/.*/g;
// More than any head of a function.
const kHeadLength = 1000;

// {fn, receiver, wants_callback, http, name}, or throws an InstallError. `http` is null,
// or http.js for a handler (req, res).
//   exported   module.exports or the namespace of an ES module
//   path       names from the exports to the handler, or null: by convention
//   unexported {name: value} of names that the file declares without exporting them
function find_handler(exported, path, unexported, file) {
  const framed = find_registered(path, file);
  if (framed) return framed;
  if (path) return explicit(exported, path, unexported, file);
  for (const candidate of kConventions) {
    const found = follow(exported, candidate);
    if (typeof found.value === 'function') return handler_of(found, candidate.join('.'));
    const wrong = candidate.length === 1 && candidate[0] !== 'default' && found.value !== kAbsent;
    if (wrong) throw no_function(file, candidate.join('.'), found.value);
  }
  if (typeof unexported.main === 'function') {
    return handler_of({ value: unexported.main, receiver: undefined }, 'main');
  }
  throw new InstallError(
      'Load.NoHandler',
      `${file} exports no handler: export a function as exports.handler or exports.main, or name ` +
          `one with --handler; it exports ${list_exports(exported)}`,
      { at: { file, line: 1, column: 1 } });
}

// A function that was registered by functions.http(), which says it all.
function find_registered(path, file) {
  if (path) {
    const name = path.join('.');
    const fn = registered.get(name);
    return fn ? handler_of({ value: fn, receiver: undefined }, name, true) : null;
  }
  if (registered.size > 1) {
    throw new InstallError(
        'Load.ManyHandlers',
        `${file} registers ${[...registered.keys()].join(', ')} by functions.http(): name one with ` +
            '--handler',
        { at: { file, line: 1, column: 1 } });
  }
  const [only] = registered;
  return only ? handler_of({ value: only[1], receiver: undefined }, only[0], true) : null;
}

function explicit(exported, path, unexported, file) {
  const name = path.join('.');
  let found = follow(exported, path);
  if (found.value === kAbsent) found = follow(unexported, path);
  if (found.value === kAbsent && exported?.default) found = follow(exported.default, path);
  if (found.value === kAbsent) {
    throw new InstallError(
        'Load.NoHandler', `${file} does not export ${name}; it exports ${list_exports(exported)}`,
        { at: { file, line: 1, column: 1 } });
  }
  if (typeof found.value !== 'function') throw no_function(file, name, found.value);
  return handler_of(found, name);
}

function follow(from, path) {
  let receiver;
  let value = from;
  for (const name of path) {
    receiver = value;
    value = property(value, name);
    if (value === kAbsent) break;
  }
  return { value, receiver };
}

function property(object, name) {
  if (object === null || object === undefined) return kAbsent;
  try {
    const value = object[name];
    return value === undefined && !(name in Object(object)) ? kAbsent : value;
  } catch (error) {
    // An ES module that is still running: not initialised yet.
    if (error instanceof ReferenceError) return kAbsent;
    throw error;
  }
}

function handler_of({ value, receiver }, name, is_registered = false) {
  const http = takes_http(value, is_registered) ? require('./http.js') : null;
  // An HTTP function answers by its response, and never by its result.
  const wants_callback = http !== null || value.length >= kCallbackParameters;
  return { fn: value, receiver, wants_callback, http, name };
}

function takes_http(fn, is_registered) {
  switch (job.signature) {
    case 'http': return true;
    case 'event': return false;
    default: break;
  }
  const head = Function.prototype.toString.call(fn).slice(0, kHeadLength).replace(kComments, '');
  return is_registered || kHttpParameters.test(head);
}

function no_function(file, name, value) {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
  return new InstallError('Load.HandlerNotFunction',
                          `${name} of ${file} must be a function, but is ${kind}`,
                          { at: { file, line: 1, column: 1 } });
}

function list_exports(exported) {
  if (exported === null || exported === undefined) return String(exported);
  const names = Object.getOwnPropertyNames(Object(exported)).filter((name) => name !== '__esModule');
  if (names.length === 0) return 'nothing';
  const kMost = 20;
  const more = names.length > kMost ? ` and ${names.length - kMost} more` : '';
  return names.slice(0, kMost).join(', ') + more;
}

module.exports = { find_handler };

'use strict';

// Loads the entry, of either kind.

const { existsSync, readFileSync, statSync } = require('fs');
const job = require('#job');
const { dirname, extname, join } = require('path');
const commonjs = require('./commonjs.js');
const { InstallError } = require('./errors.js');
const { explain } = require('./finish.js');
const modules = require('./modules.js');
const state = require('./state.js');

const entry = job.entry;
const handler_path = job.handler === '' ? null : job.handler.split('.');

// 'module' or 'commonjs', by node's rules: the extension, else the nearest
// package.json.
function kind_of(file) {
  switch (extname(file)) {
    case '.mjs': return 'module';
    case '.cjs': return 'commonjs';
    case '.js': return package_type(dirname(file));
    default:
      throw new InstallError('Load.UnknownKind',
                             `${file} is no JavaScript: its name must end in .js, .cjs or .mjs`);
  }
}

function package_type(folder) {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).type === 'module' ? 'module' : 'commonjs';
    } catch (error) {
      throw new InstallError('Load.BadPackage', `${file} is not JSON: ${error.message}`,
                             { at: { file, line: 1, column: 1 } });
    }
  }
  const above = dirname(folder);
  return above === folder || folder.endsWith('/node_modules') ? 'commonjs' : package_type(above);
}

// {exported, unexported}. A CommonJS entry is loaded before this returns.
async function load_entry() {
  if (!existsSync(entry) || !statSync(entry).isFile()) {
    throw new InstallError('Load.MissingFile', `there is no file ${entry}`);
  }
  commonjs.hook_loader(entry, handler_path ? handler_path[0] : 'main');
  modules.hook_loader();
  try {
    return kind_of(entry) === 'commonjs' ? commonjs.load_commonjs(entry)
                                         : await modules.load_module(entry);
  } catch (thrown) {
    throw load_error(thrown);
  }
}

function load_error(thrown) {
  // After a restore in the middle of loading it is an invocation's error.
  if (thrown instanceof InstallError || state.phase === 'serving') return thrown;
  decorate(thrown);
  if (thrown?.code === 'MODULE_NOT_FOUND' || thrown?.code === 'ERR_MODULE_NOT_FOUND') {
    return explain('Load.MissingModule', `${entry} needs a module that is not there`, thrown);
  }
  const type = thrown?.name === 'SyntaxError' ? 'Load.SyntaxError' : 'Load.Exception';
  return explain(type, `${entry} cannot be loaded`, thrown);
}

// node keeps the place of a syntax error apart from the stack, to show it when the
// error is printed.
function decorate(thrown) {
  if (thrown?.name === 'SyntaxError') require('internal/util').decorateErrorStack(thrown);
}

// What the entry exports so far, for a snapshot point at its top level.
function partly_loaded() {
  return (kind_of(entry) === 'commonjs' ? commonjs : modules).partly_loaded(entry);
}

module.exports = { entry, handler_path, load_entry, partly_loaded };

'use strict';

// Annotates the user's files as they are loaded: those in and below the function's
// folder, dependencies excepted.

const embedder = require('#embedder');
const job = require('#job');
const { dirname, relative, sep } = require('path');
const { InstallError } = require('./errors.js');

// A file without any of these words has no annotation, and is not parsed.
const kWords = ['@snapshot_here', '@jit', 'fwrun'];

// The host is started in the function's folder.
const kFolder = job.entry.startsWith(`${process.cwd()}${sep}`) ? process.cwd() : dirname(job.entry);
const handler_path = job.handler === '' ? null : job.handler.split('.');

// {file, kind, line, column, functionName, async, rebound}: the one snapshot point, or null.
let point = null;

function is_users(file) {
  const path = relative(kFolder, file);
  const parts = path.split(sep);
  return parts[0] !== '..' && !parts.includes('node_modules');
}

// The source to run in place of `source`.
function annotate_source(source, file, source_type) {
  if (!is_users(file) || !kWords.some((word) => source.includes(word))) return source;
  const { annotate } = require('#annotator')();
  let result;
  try {
    result = annotate(source, {
      filename: file,
      sourceType: source_type,
      acorn: require('internal/deps/acorn/acorn/dist/acorn'),
      handlerPath: handler_path,
    });
  } catch (error) {
    if (error.name !== 'AnnotationError') throw error;
    throw misplaced(error.message, error);
  }
  if (result.plan.snapshot) add_point({ file, ...result.plan.snapshot });
  return result.code;
}

function add_point(found) {
  if (point && point.file !== found.file) {
    throw misplaced(`a function is captured at one place only, but ${point.file}:${point.line}:` +
                        `${point.column} and ${found.file}:${found.line}:${found.column} both mark ` +
                        'one: remove one of them',
                    found);
  }
  point = found;
}

function misplaced(message, { file, line, column }) {
  return new InstallError('Annotation.Misplaced', `${file}:${line}:${column}: ${message}`,
                          { at: { file, line, column } });
}

module.exports = { annotate_source, is_users, snapshot_point: () => point };

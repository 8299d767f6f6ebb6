'use strict';

// Errors as they are answered: {errorType, errorMessage, trace}, and where in the
// user's code they come from.

const { inspect, types: { isNativeError } } = require('util');

// Why an install fails, in our words. `at` is {file, line, column} if it is known.
class InstallError extends Error {
  constructor(type, message, { at = null, cause = undefined } = {}) {
    super(message);
    this.name = type;
    this.at = at;
    this.cause = cause;
  }
}

const is_error = (value) => isNativeError(value) || value instanceof Error;

// Frames of node's inside and of ours say nothing to the user.
const kHiddenFrame = /^\s+at (?:.*[( ])?(?:fwrun:|node:internal\/)/;

function stack_lines(error) {
  let stack;
  try {
    stack = error.stack;
  } catch {
    // A getter of the user's.
  }
  if (typeof stack !== 'string') return [];
  return stack.split('\n').filter((line) => !kHiddenFrame.test(line));
}

// {errorType, errorMessage, trace} of anything that can be thrown.
function describe(thrown) {
  try {
    if (is_error(thrown)) {
      return {
        errorType: `${thrown.name || thrown.constructor.name}`,
        errorMessage: `${thrown.message}`,
        trace: stack_lines(thrown),
      };
    }
    const text = typeof thrown === 'string' ? thrown : inspect(thrown);
    return { errorType: typeof thrown, errorMessage: text, trace: [] };
  } catch {
    return { errorType: 'unknown', errorMessage: 'what was thrown cannot be read', trace: [] };
  }
}

const kFramePlace = /^\s+at (?:.*[( ])?(?:file:\/\/)?(\/[^()]*?):(\d+):(\d+)\)?$/;

// {file, line, column} of the innermost frame in a file of the user's, or null.
function place_of(thrown) {
  if (!is_error(thrown)) return null;
  return syntax_place(thrown) ?? frame_place(stack_lines(thrown));
}

function frame_place(lines) {
  for (const line of lines) {
    const found = kFramePlace.exec(line);
    if (found) return { file: found[1], line: Number(found[2]), column: Number(found[3]) };
  }
  return null;
}

// A file that cannot be parsed has no frame: V8 shows it above the message, as
//   /path/file.js:3
//   const a = ;
//             ^
function syntax_place(error) {
  if (error.name !== 'SyntaxError') return null;
  if (typeof error.file === 'string') {
    return { file: error.file, line: error.line, column: error.column };
  }
  const [head = '', , caret = ''] = stack_lines(error);
  const found = /^(?:file:\/\/)?(\/.*):(\d+)$/.exec(head);
  if (!found) return null;
  const column = /^\s*\^/.test(caret) ? caret.indexOf('^') + 1 : 1;
  return { file: found[1], line: Number(found[2]), column };
}

const show_place = (at) => at ? `${at.file}:${at.line}:${at.column}` : '';

module.exports = { InstallError, describe, is_error, place_of, show_place };

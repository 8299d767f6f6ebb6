'use strict';

// What annotate() throws: every error carries the place in the user's file as
// .file, .line and .column (both counted from 1), and a message without it.

class AnnotationError extends Error {
  constructor(message, file, {line, column}) {
    super(message);
    this.name = 'AnnotationError';
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

// acorn's error, told as the engine would tell it: acorn appends "(line:column)"
// to the message and counts columns from 0.
function syntax_error(error, file) {
  const {line, column} = error.loc;
  const suffix = ` (${line}:${column})`;
  const message =
      error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
  return Object.assign(new SyntaxError(message), {file, line, column: column + 1});
}

module.exports = {
  AnnotationError,
  syntax_error
};

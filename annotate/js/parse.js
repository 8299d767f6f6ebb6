'use strict';

const {syntax_error} = require('./errors.js');

// What ends a line, for V8 as for acorn. A fresh object each time: a global
// regular expression remembers where it stopped.
const line_break = () => /\r\n?|[\n\u2028\u2029]/g;

// A user's file as the other parts of the annotator see it: text, syntax tree,
// tokens and comments, all by offset into `source`.
function parse(source, {filename, sourceType, acorn}) {
  const tokens = [];
  const comments = [];
  const options = {
    ecmaVersion: 'latest',
    sourceType: sourceType === 'module' ? 'module' : 'script',
    // Node runs a CommonJS file as the body of a function.
    allowReturnOutsideFunction: sourceType === 'commonjs',
    allowHashBang: true,
    locations: true,
    onToken: tokens,
    onComment(block, text, start, end, from) {
      if (start === 0 && source.startsWith('#!')) return;
      comments.push({block, text, start, end, line: from.line, column: from.column + 1});
    },
  };
  try {
    return {file: filename, source, program: acorn.parse(source, options), tokens, comments};
  } catch (error) {
    throw error instanceof SyntaxError && error.loc ? syntax_error(error, filename) : error;
  }
}

module.exports = {
  line_break,
  parse
};

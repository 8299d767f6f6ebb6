'use strict';

const {line_break} = require('./parse.js');

// A set of changes to a text that never moves the start of a line.
//
// At one offset, text that closes a range comes before inserted text, which comes
// before text that opens a range; ranges may nest, also with a common start or end.

const kClose = 0;
const kInsert = 1;
const kOpen = 2;

class Edits {
  constructor(source) {
    this.source_ = source;
    this.edits_ = [];
  }

  get empty() {
    return this.edits_.length === 0;
  }

  // Adds text at an offset; insertions at one offset appear in the order of the calls.
  insert(at, text) {
    this.add_(at, at, text, kInsert, this.edits_.length);
  }

  // Puts a range between two texts.
  wrap({start, end}, before, after) {
    this.add_(start, start, before, kOpen, -end);
    this.add_(end, end, after, kClose, -start);
  }

  // Replaces a range; line breaks within it stay, behind the new text.
  replace({start, end}, text) {
    const breaks = this.source_.slice(start, end).match(line_break()) ?? [];
    this.add_(start, end, text + breaks.join(''), kInsert, this.edits_.length);
  }

  apply() {
    this.edits_.sort((a, b) => a.start - b.start || a.kind - b.kind || a.rank - b.rank);
    const parts = [];
    let done = 0;
    for (const {start, end, text} of this.edits_) {
      parts.push(this.source_.slice(done, start), text);
      done = end;
    }
    parts.push(this.source_.slice(done));
    return parts.join('');
  }

  add_(start, end, text, kind, rank) {
    this.edits_.push({start, end, text, kind, rank});
  }
}

module.exports = {Edits};

'use strict';

const {AnnotationError} = require('./errors.js');
const {line_break} = require('./parse.js');

// Finds the annotations among the comments of a file. The parser says what is a
// comment, so a string, template or regular expression that looks like one never is.
//
// An annotation is the whole content of a comment, or a tag that begins a line of
// a JSDoc comment (several tags may begin one line); a comment that mentions it
// in a sentence is prose.

const kSnapshot = '@snapshot_here';
const kJit = '@jit';

// How many letters one must insert, remove or replace to turn a into b.
function edit_distance(a, b) {
  let row = Array.from({length: b.length + 1}, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

// What a mistyped annotation was meant to be; null for any other word.
function meant(word) {
  const lower = word.toLowerCase();
  if (lower === kJit) return kJit;
  if (!word.startsWith('@') || Math.abs(word.length - kSnapshot.length) > 2) return null;
  const near = lower === kSnapshot || edit_distance(word, kSnapshot) <= 2;
  return near ? kSnapshot : null;
}

function is_jsdoc(comment) {
  return comment.block && comment.text.startsWith('*');
}

// The words of a comment that stand where an annotation may stand, each with its
// line and column. On the comment's first line that is where the comment begins.
function* candidates(comment) {
  const {text, line, column} = comment;
  if (!is_jsdoc(comment)) {
    const before = text.slice(0, text.length - text.trimStart().length);
    const breaks = before.match(line_break())?.length ?? 0;
    yield {word: text.trim(), line: line + breaks, column: breaks === 0 ? column : 1};
    return;
  }
  const lines = text.split(line_break());
  for (const [index, content] of lines.entries()) {
    const tags = content.replace(/^\s*\**\s*/, '');
    let offset = content.length - tags.length;
    for (const word of tags.split(/(?<=\s)(?=\S)/)) {
      if (!word.startsWith('@')) break;
      yield {word: word.trimEnd(), line: line + index, column: index === 0 ? column : offset + 1};
      offset += word.length;
    }
  }
}

// Every annotation of the file, in the order of the source:
// {tag, jsdoc, comment, line, column}.
function scan({file, comments}) {
  const found = [];
  for (const comment of comments) {
    for (const {word, line, column} of candidates(comment)) {
      if (word === kSnapshot || word === kJit) {
        found.push({tag: word, jsdoc: is_jsdoc(comment), comment, line, column});
        continue;
      }
      const correct = meant(word);
      if (correct) {
        throw new AnnotationError(
            `unknown annotation ${word}: write ${correct}`, file, {line, column});
      }
    }
  }
  return found;
}

module.exports = {
  kJit,
  kSnapshot,
  scan
};

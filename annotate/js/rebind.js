'use strict';

// The assignment target that gives a handler's parameters new values: its
// parameter list once more, as an array pattern, on one line.

const {AnnotationError} = require('./errors.js');
const {line_break} = require('./parse.js');
const {bound_identifiers} = require('./scope.js');
const {is_function, walk} = require('./tree.js');

const position = ({start}) => ({line: start.line, column: start.column + 1});

// A literal's text without the line breaks that it may hold: `\` before one is
// nothing, one by itself (in a template) is its escape.
function literal_on_one_line(text) {
  const escape = (found) => {
    if (found[0] === '\\') return /[\r\n\u2028\u2029]/.test(found[1]) ? '' : found;
    return {'\u2028': '\\u2028', '\u2029': '\\u2029'}[found] ?? '\\n';
  };
  return text.replace(/\\(?:\r\n|[^])|\r\n?|[\n\u2028\u2029]/g, escape);
}

// An identifier that only names a property.
function is_key(node, parent) {
  if (!parent || parent.computed) return false;
  return parent.type === 'MetaProperty' ||
      (parent.type === 'MemberExpression' && parent.property === node) ||
      (parent.key === node && parent.value !== node);
}

// What means the same in arrow functions only, and is new in every other function.
function is_receiver(node) {
  return ['ThisExpression', 'Super', 'MetaProperty'].includes(node.type) ||
      (node.type === 'Identifier' && node.name === 'arguments');
}

class Rebinding {
  constructor({file, source, tokens}, tree, scopes) {
    this.file_ = file;
    this.source_ = source;
    this.tokens_ = tokens;
    this.tree_ = tree;
    this.scopes_ = scopes;
  }

  // Text of the target for code that stands in `from`, a node of `fn` or of a
  // function in it. Null if there are no parameters. Throws, at the place of
  // `annotation`, if a name means something else there than in the parameter list.
  target(fn, from, annotation) {
    if (fn.params.length === 0) return null;
    this.check_names_(fn, from, annotation);
    this.check_lines_(fn);
    const end = fn.params.at(-1).end;
    const tokens = this.tokens_.filter((one) => one.start >= fn.params[0].start && one.end <= end);
    let text = '';
    let last = null;
    for (const token of tokens) {
      const gap = last === null ? '' : this.source_.slice(last, token.start);
      // A gap with a comment or a line break becomes a space.
      text += gap.trim() !== '' || line_break().test(gap) ? ' ' : gap;
      text += this.token_text_(token);
      last = token.end;
    }
    return `[${text}]`;
  }

  token_text_(token) {
    const text = this.source_.slice(token.start, token.end);
    return ['string', 'template'].includes(token.type.label) ? literal_on_one_line(text) : text;
  }

  check_names_(fn, from, annotation) {
    const bound = new Set(fn.params.flatMap((param) => [...bound_identifiers(param)]));
    for (const param of fn.params) {
      walk(param, (node, parent) => {
        if (node.type === 'MetaProperty' && node.meta.name === 'import') return false;
        if (is_receiver(node)) this.check_receiver_(fn, node, from, annotation);
        if (node.type !== 'Identifier' || is_key(node, parent)) return true;
        const meant = this.scopes_.lookup(node.name, bound.has(node) ? fn : node);
        const inner = meant && meant.identifier.start >= param.start &&
            meant.identifier.end <= param.end && !bound.has(meant.identifier);
        const there = this.scopes_.lookup(node.name, from);
        if (inner || there === meant) return true;
        const {line, column} = position(there.identifier.loc);
        throw this.impossible_(
            `'${node.name}' of its parameter list is declared anew at ` +
                `${line}:${column}: rename one of them`,
            annotation);
      });
    }
  }

  check_receiver_(fn, node, from, annotation) {
    for (const at of this.tree_.upwards(from)) {
      if (at === fn) return;
      if (at.type === 'PropertyDefinition') break;
      if (is_function(at) && at.type !== 'ArrowFunctionExpression') break;
    }
    const {line, column} = position(node.loc);
    throw this.impossible_(
        `a default value at ${line}:${column} means something else in an inner ` +
            'function: compute it in the body',
        annotation);
  }

  impossible_(reason, annotation) {
    return new AnnotationError(
        `the handler's parameters cannot be set again at this place, since ${reason}, or move ` +
            'the snapshot, or take the event yourself: `const event = fwrun.snapshotHere()`',
        this.file_, annotation);
  }

  // Statements rely on line breaks where they lack semicolons, and String.raw sees
  // how a template is written: neither can be put on one line safely.
  check_lines_(fn) {
    for (const param of fn.params) {
      walk(param, (node) => {
        const breaks = node.loc.start.line !== node.loc.end.line;
        if (!breaks ||
            !['BlockStatement', 'ClassBody', 'TaggedTemplateExpression'].includes(node.type)) {
          return;
        }
        throw new AnnotationError(
            'a default value of the handler holds a function body, class or tagged template of ' +
                'several lines: write it on one line, or give it a name above the handler',
            this.file_, position(node.loc));
      });
    }
  }
}

module.exports = {Rebinding};

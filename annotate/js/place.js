'use strict';

// Where an annotation stands: which statement list, or which function.

const {AnnotationError} = require('./errors.js');
const {line_break} = require('./parse.js');
const {is_function} = require('./tree.js');
const {kSnapshot} = require('./scan.js');

const kLists = new Set(['Program', 'BlockStatement', 'SwitchCase']);

// How an error calls the construct that an annotation must not stand in.
const kConstructs = {
  ClassBody: 'a class body',
  StaticBlock: 'a static block, which runs once, while its class is made',
  ObjectExpression: 'an object literal',
  SwitchStatement: 'a switch, before its first case',
  SwitchCase: 'the label of a case',
  IfStatement: 'an if statement without braces',
  ForStatement: 'a loop without braces',
  ForInStatement: 'a loop without braces',
  ForOfStatement: 'a loop without braces',
  WhileStatement: 'a loop without braces',
  DoWhileStatement: 'a loop without braces',
  LabeledStatement: 'a labelled statement',
};

class Places {
  constructor({file, source, tokens}, tree, scopes) {
    this.file_ = file;
    this.source_ = source;
    this.tokens_ = tokens;
    this.tree_ = tree;
    this.scopes_ = scopes;
  }

  is_list(node) {
    return kLists.has(node?.type);
  }

  // Whether a node runs while a class is made, and not in a function.
  in_static_block(node) {
    for (const at of this.tree_.upwards(node)) {
      if (is_function(at)) return false;
      if (at.type === 'StaticBlock') return true;
    }
    return false;
  }

  // Where code may be put that runs before all else in a function's block or the
  // program, leaving directives and a hashbang first.
  start_of(list) {
    const directive = list.body.findLast((one) => typeof one.directive === 'string');
    if (directive) return directive.end;
    if (list.type !== 'Program') {
      return this.tokens_.find((one) => one.type.label === '{' && one.start >= list.start).end;
    }
    if (!this.source_.startsWith('#!')) return 0;
    // Code follows the hashbang, or nobody would ask: so its line ends.
    const {index, 0: end} = line_break().exec(this.source_);
    return index + end.length;
  }

  // Where the `=>` of an arrow function ends.
  arrow_end(fn) {
    const from = fn.params.at(-1)?.end ?? fn.start;
    return this.tokens_.find((one) => one.type.label === '=>' && one.start >= from).end;
  }

  // The statement list that a comment stands in, between two statements. Throws if
  // it stands anywhere else.
  list_around(annotation) {
    const {comment} = annotation;
    let node = this.tree_.around(comment);
    // A line that begins with the semicolon of the statement above it: the comment
    // between them belongs behind that statement.
    const next = this.tokens_[this.token_after_(comment)];
    if (next.type.label === ';' && next.end === node.end && !kLists.has(node.type)) {
      const end = node.end;
      while (node.end === end && !kLists.has(node.type)) node = this.tree_.parent(node);
    }
    if (node.type === 'SwitchStatement' && node.cases.some((one) => one.end <= comment.start)) {
      return node.cases.findLast((one) => one.end <= comment.start);
    }
    const in_label = node.type === 'SwitchCase' && !this.behind_colon_(node, comment);
    if (kLists.has(node.type) && !in_label && !this.in_static_block(node)) return node;
    throw new AnnotationError(
        `${annotation.tag} stands in ${this.construct_(node, comment)}: ` +
            'put it on a line of its own between two statements of a block, or write ' +
            `/** ${annotation.tag} */ right before a function`,
        this.file_, annotation);
  }

  // The function that a comment stands right before: a declaration, or an expression
  // alone or as the value of a variable, assignment, property, method, field, export
  // or return. Throws if something else follows.
  function_after(annotation) {
    for (let i = this.token_after_(annotation.comment);; i++) {
      for (const node of this.tree_.starting_at(this.tokens_[i].start)) {
        const fn = this.function_in_(node);
        if (fn) return fn;
      }
      if (this.tokens_[i].type.label !== '(') break;
    }
    const remedy = annotation.tag === kSnapshot ?
        `move it there, or write // ${kSnapshot} to mark a statement` :
        'move it there, or remove it';
    throw new AnnotationError(
        `no function follows ${annotation.tag}, which belongs right before ` +
            `a function: ${remedy}`,
        this.file_, annotation);
  }

  function_in_(node) {
    if (is_function(node)) return node;
    switch (node.type) {
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        return node.declaration && this.function_in_(node.declaration);
      case 'VariableDeclaration':
        return this.function_in_(node.declarations[0]);
      case 'VariableDeclarator':
        return node.id.type === 'Identifier' ? this.function_of_(node.init) : null;
      case 'AssignmentExpression':
        return node.left.type.endsWith('Pattern') ? null : this.function_of_(node.right);
      case 'Property':
        return this.tree_.parent(node).type === 'ObjectPattern' ? null :
                                                                  this.function_of_(node.value);
      case 'PropertyDefinition':
      case 'MethodDefinition':
        return this.function_of_(node.value);
      case 'ReturnStatement':
        return this.function_of_(node.argument);
      default:
        return null;
    }
  }

  function_of_(value) {
    let at = value;
    const seen = new Set();
    while (at && !is_function(at) && !seen.has(at)) {
      seen.add(at);
      if (at.type === 'AssignmentExpression')
        at = at.right;
      else
        at = at.type === 'Identifier' ? this.scopes_.value_of(at) : null;
    }
    return is_function(at) ? at : null;
  }

  construct_(node, comment) {
    const head_end =
        node.type === 'ArrowFunctionExpression' ? this.arrow_end(node) : node.body?.start;
    if (is_function(node) && comment.end <= head_end) return 'a parameter list';
    if (this.in_static_block(node)) return kConstructs.StaticBlock;
    return kConstructs[node.type] ?? 'the middle of a statement';
  }

  behind_colon_(switch_case, comment) {
    const before = this.tokens_[this.token_after_(comment) - 1];
    return switch_case.consequent[0]?.start <= comment.start || before.type.label === ':';
  }

  // Index of the first token behind a comment; the last token is the file's end.
  token_after_(comment) {
    let low = 0;
    let high = this.tokens_.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tokens_[middle].start >= comment.end)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }
}

module.exports = {Places};

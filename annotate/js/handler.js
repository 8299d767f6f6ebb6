'use strict';

// Finds the function that will serve invocations, from the exports that the
// source spells out: assignments to exports and module.exports, object literals
// given to them, ES exports, and an OpenWhisk main() that is not exported at all.

const {is_function, key_name} = require('./tree.js');

// Tried in this order when nobody said which export is the handler.
const kConventions = [['handler'], ['main'], ['default'], ['default', 'handler'], []];

// References between names may form a circle; nobody nests exports this deep.
const kMaxSteps = 100;

// Where an assignment's left side stores, as a path below module.exports: `exports.a.b`
// is ['a', 'b'], `module.exports` is []; null for anything else.
function export_path(left) {
  if (left.type === 'Identifier') return left.name === 'exports' ? [] : null;
  if (left.type !== 'MemberExpression') return null;
  const name = key_name(left);
  if (name === null) return null;
  if (left.object.type === 'Identifier' && left.object.name === 'module') {
    return name === 'exports' ? [] : null;
  }
  const path = export_path(left.object);
  return path && [...path, name];
}

// The assignments that a statement of the program makes, each left with the final value.
function* assignments(expression) {
  if (expression.type === 'SequenceExpression') {
    for (const one of expression.expressions) yield* assignments(one);
  }
  const lefts = [];
  let value = expression;
  while (value.type === 'AssignmentExpression' && value.operator === '=') {
    lefts.push(value.left);
    value = value.right;
  }
  // `exports = ...` alone exports nothing.
  if (lefts.length === 1 && lefts[0].type === 'Identifier') return;
  for (const left of lefts) yield {left, value};
}

// Everything the program exports: {path, value}; later ones win.
function* exported(program) {
  for (const statement of program.body) {
    if (statement.type === 'ExpressionStatement') {
      for (const {left, value} of assignments(statement.expression)) {
        const path = export_path(left);
        if (path) yield {path, value};
      }
    } else if (statement.type === 'ExportDefaultDeclaration') {
      yield {path: ['default'], value: statement.declaration};
    } else if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      const {declaration} = statement;
      for (const {id} of declaration?.declarations ?? [declaration ?? {}]) {
        if (id?.type === 'Identifier') yield {path: [id.name], value: id};
      }
      for (const {local, exported: as} of statement.specifiers) {
        yield {path: [as.name ?? as.value], value: local};
      }
    }
  }
}

class HandlerSearch {
  constructor(program, scopes) {
    this.program_ = program;
    this.scopes_ = scopes;
  }

  // The value below module.exports[path], followed to where the source shows it:
  // a function if all is well, some other expression if it is made at run time;
  // null if there is no such export.
  find(path) {
    let found = null;
    for (const {path: prefix, value} of exported(this.program_)) {
      if (prefix.some((name, i) => name !== path[i])) continue;
      found = this.follow_(value, path.slice(prefix.length), kMaxSteps);
    }
    return found;
  }

  // The functions handed to the calls that make up `value`: in wrap(f).use(g),
  // f and g.
  * wrapped(value, steps = kMaxSteps) {
    if (value?.type === 'AwaitExpression') yield* this.wrapped(value.argument, steps);
    if (value?.type !== 'CallExpression' || steps === 0) return;
    for (const part of [...value.arguments, value.callee.object]) {
      const followed = part && part.type !== 'SpreadElement' ? this.follow_(part, [], steps) : null;
      if (is_function(followed)) yield followed;
      yield* this.wrapped(followed, steps - 1);
    }
  }

  // The same for what the program declares without exporting it, as OpenWhisk, which
  // evaluates a file, finds its main().
  find_declared(path) {
    const found = path.length > 0 ? this.scopes_.declared(this.program_).get(path[0]) : null;
    return found ? this.follow_(found.identifier, path.slice(1), kMaxSteps) : null;
  }

  follow_(value, path, steps) {
    if (!value || steps === 0) return null;
    switch (value.type) {
      case 'Identifier':
        return this.follow_(this.scopes_.value_of(value), path, steps - 1);
      case 'AssignmentExpression':
        return this.follow_(value.right, path, steps - 1);
      case 'MemberExpression': {
        const name = key_name(value);
        return name === null ? value : this.follow_(value.object, [name, ...path], steps - 1);
      }
    }
    if (path.length === 0) return value;
    const [name, ...rest] = path;
    switch (value.type) {
      case 'ObjectExpression':
        return this.follow_(member(value.properties, name)?.value, rest, steps - 1);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.follow_(member(value.body.body, name, true)?.value, rest, steps - 1);
      case 'NewExpression': {
        const made = this.follow_(value.callee, [], steps - 1);
        return this.follow_(member(made?.body?.body ?? [], name, false)?.value, rest, steps - 1);
      }
      default:
        return null;
    }
  }
}

// The last property or method of that name, as the last one wins.
function member(list, name, is_static) {
  return list.findLast(
      (one) => one.key && key_name(one) === name && one.kind !== 'get' &&
          (is_static === undefined || one.static === is_static));
}

// Where the handler of that path may be, in the order in which the host looks.
function* places_of(search, path) {
  if (path) {
    yield search.find(path);
    yield search.find_declared(path);
    yield search.find(['default', ...path]);
  } else {
    for (const convention of kConventions) yield search.find(convention);
    yield search.find_declared(['main']);
  }
}

// The handler of a program: {fn, wrapped}. `fn` is its function node, null if the
// source does not show one; `wrapped` holds the functions that the handler is made
// from by calls such as wrap(fn).
function find_handler(program, scopes, path) {
  const search = new HandlerSearch(program, scopes);
  for (const value of places_of(search, path)) {
    // An object holds exports, and is none that could be called.
    if (!value || value.type === 'ObjectExpression') continue;
    return {fn: is_function(value) ? value : null, wrapped: [...search.wrapped(value)]};
  }
  return {fn: null, wrapped: []};
}

module.exports = {find_handler};

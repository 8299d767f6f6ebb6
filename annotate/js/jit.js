'use strict';

// Hands each function annotated with @jit to the runtime: __fwrun.jit(fn, "name").
//
// The call stands where it changes neither the function's name nor the order in
// which things are defined: at the start of the block for a declaration, behind the
// statement for a value stored by name, around the expression otherwise. Methods
// cannot be wrapped: they are taken from the object or class once it is there.

const {AnnotationError} = require('./errors.js');
const {key_name} = require('./tree.js');

const kAnonymous = '(anonymous)';

const quoted = (name) => JSON.stringify(name);

class JitWriter {
  constructor({file, tree, places, edits}) {
    this.file_ = file;
    this.tree_ = tree;
    this.places_ = places;
    this.edits_ = edits;
    this.done_ = new Set();
    this.private_methods_ = 0;
  }

  // The plan's entry for the function behind an annotation; null if another
  // annotation has named that function already.
  add(annotation) {
    const fn = this.places_.function_after(annotation);
    if (this.done_.has(fn)) return null;
    this.done_.add(fn);
    const parent = this.tree_.parent(fn);
    const name = this.tree_.function_name(fn) ?? kAnonymous;
    const is_method = parent.type === 'MethodDefinition' || parent.kind === 'get' ||
        parent.kind === 'set' || parent.method;
    if (fn.type === 'FunctionDeclaration')
      this.declaration_(fn, name, annotation);
    else if (parent.type === 'MethodDefinition')
      this.class_method_(parent, name, annotation);
    else if (is_method)
      this.object_method_(parent, name, annotation);
    else
      this.value_(fn, name, annotation);
    const {line, column} = (is_method ? parent : fn).loc.start;
    return {name, line, column: column + 1};
  }

  declaration_(fn, name, annotation) {
    let statement = fn;
    let list = this.tree_.parent(fn);
    if (list.type.startsWith('Export')) [statement, list] = [list, this.tree_.parent(list)];
    if (!fn.id) {
      this.edits_.wrap(fn, '__fwrun.jit({["default"]: ', '}["default"], "default");');
      return;
    }
    const call = `;__fwrun.jit(${fn.id.name}, ${quoted(name)});`;
    if (list.type === 'SwitchCase') {
      this.edits_.insert(statement.start, call);
    } else if (this.places_.is_list(list) || list.type === 'StaticBlock') {
      this.edits_.insert(this.places_.start_of(list), call);
    } else {
      throw this.error_(
          'a function declared without a block around it cannot be named @jit: ' +
              'put braces around it',
          annotation);
    }
  }

  // A function expression or arrow function.
  value_(fn, name, annotation) {
    const stored = this.stored_by_name_(fn);
    if (stored) {
      this.edits_.insert(stored.statement.end, `;__fwrun.jit(${stored.name}, ${quoted(name)});`);
      return;
    }
    const key = this.name_given_(fn, annotation);
    const open = key === null ? '' : `{[${key}]: `;
    const close = key === null ? '' : `}[${key}]`;
    // `new f(...)` would take the call's parentheses for its own.
    const parent = this.tree_.parent(fn);
    const is_new = parent.type === 'NewExpression' && parent.callee === fn;
    this.edits_.wrap(
        fn, `${is_new ? '(' : ''}__fwrun.jit(${open}`,
        `${close}, ${quoted(name)})${is_new ? ')' : ''}`);
  }

  // The statement of a list that stores the function where a plain name finds it
  // again: `const f = ...`, `exports.a.b = ...`; null for anything else.
  stored_by_name_(fn) {
    let node = fn;
    let parent = this.tree_.parent(node);
    while (parent.type === 'AssignmentExpression' && parent.operator === '=') {
      node = parent;
      parent = this.tree_.parent(node);
    }
    let name = null;
    if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') {
      name = parent.id;
      parent = this.tree_.parent(parent);
    } else if (parent.type === 'ExpressionStatement' && node !== fn && is_plain(node.left)) {
      name = node.left;
    }
    const above = this.tree_.parent(parent);
    const statement = above?.type === 'ExportNamedDeclaration' ? above : parent;
    if (!name || !this.places_.is_list(this.tree_.parent(statement))) return null;
    return {statement, name: this.text_(name)};
  }

  // The expression of the name that the language gives a nameless function for the
  // place it stands in; null if it gives none.
  name_given_(fn, annotation) {
    if (fn.id) return null;
    const parent = this.tree_.parent(fn);
    switch (parent.type) {
      case 'Property':
      case 'PropertyDefinition':
        return this.key_(parent, annotation);
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        return parent.left.type === 'Identifier' ? quoted(parent.left.name) : null;
      case 'VariableDeclarator':
        return parent.id.type === 'Identifier' ? quoted(parent.id.name) : null;
      case 'ExportDefaultDeclaration':
        return '"default"';
      default:
        return null;
    }
  }

  object_method_(property, name, annotation) {
    const method = accessor('o', this.key_(property, annotation), property.kind);
    this.edits_.wrap(
        this.tree_.parent(property), `((o) => (__fwrun.jit(${method}, ${quoted(name)}), o))(`, ')');
  }

  class_method_(method, name, annotation) {
    const body = this.tree_.parent(method);
    const is_private = method.key.type === 'PrivateIdentifier';
    const is_accessor = method.kind === 'get' || method.kind === 'set';
    if (is_private && is_accessor) {
      throw this.error_(
          'a private accessor cannot be named @jit: nothing can refer to its ' +
              'function; make it a private method',
          annotation);
    }
    let code;
    if (is_private && !method.static) {
      // Found only on an instance, so each instance reports it while it is made.
      code = `;#__fwrunJit${this.private_methods_++} = __fwrun.jit(this.${name}, ${quoted(name)});`;
    } else {
      const owner = method.static ? 'this' : 'this.prototype';
      let found = is_private ? `this.${name}` : 'this';
      if (!is_private && method.kind !== 'constructor') {
        found = accessor(owner, this.key_(method, annotation), method.kind);
      }
      code = `;static { __fwrun.jit(${found}, ${quoted(name)}); }`;
    }
    this.edits_.insert(body.end - 1, code);
  }

  // An expression for the key of a property: evaluating it once more must be harmless.
  key_(property, annotation) {
    const name = key_name(property);
    if (name !== null) return quoted(name);
    const {key} = property;
    const is_symbol =
        key.type === 'MemberExpression' && !key.computed && key.object.name === 'Symbol';
    if (is_symbol) return this.text_(key);
    throw this.error_(
        'a function under a computed name cannot be named @jit: give it a plain name', annotation);
  }

  text_(node) {
    return this.file_.source.slice(node.start, node.end);
  }

  error_(message, annotation) {
    return new AnnotationError(message, this.file_.file, annotation);
  }
}

// Reading it again has no effect, as far as the source shows: a.b.c, this.a, a[1].
function is_plain(node) {
  if (node.type !== 'MemberExpression') {
    return node.type === 'Identifier' || node.type === 'ThisExpression';
  }
  return key_name(node) !== null && is_plain(node.object) &&
      node.loc.start.line === node.loc.end.line;
}

function accessor(owner, key, kind) {
  if (kind !== 'get' && kind !== 'set') return `${owner}[${key}]`;
  return `Object.getOwnPropertyDescriptor(${owner}, ${key}).${kind}`;
}

module.exports = {JitWriter};

'use strict';

// Which declaration a name means at a place of the source.

const {is_function, walk} = require('./tree.js');

// The identifiers that a parameter or the left of a declaration binds.
function* bound_identifiers(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern;
      break;
    case 'AssignmentPattern':
      yield* bound_identifiers(pattern.left);
      break;
    case 'RestElement':
      yield* bound_identifiers(pattern.argument);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* bound_identifiers(element);
      break;
    case 'ObjectPattern':
      for (const item of pattern.properties) yield* bound_identifiers(item.value ?? item);
      break;
  }
}

class Scopes {
  constructor(tree) {
    this.tree_ = tree;
    this.declared_ = new Map();
  }

  // The declaration that `name` means when used in `from`: {kind, identifier,
  // node}, the same object for the same declaration; null for a global.
  // kind: param, var, let, const, class, function, import, self, catch.
  lookup(name, from) {
    for (const node of this.tree_.upwards(from)) {
      const found = this.declared(node).get(name);
      if (found) return found;
    }
    return null;
  }

  // The function, class or initial value that an identifier stands for, when the
  // source shows it; null if not. A variable declared without a value has the one
  // that is assigned to it last by a statement of the program's own list.
  value_of(identifier) {
    const found = this.lookup(identifier.name, identifier);
    if (!found) return null;
    if (['function', 'self', 'class'].includes(found.kind)) return found.node;
    if (found.node.type !== 'VariableDeclarator' || found.node.id !== found.identifier) return null;
    return found.node.init ?? this.assigned_to_(found);
  }

  // Names declared by one node that opens a scope; empty for any other node.
  // A function has two: its parameters here, its body's names in the body's block.
  declared(node) {
    if (!this.declared_.has(node)) this.declared_.set(node, this.collect_(node));
    return this.declared_.get(node);
  }

  assigned_to_(declaration) {
    let value = null;
    for (const {expression} of this.tree_.program.body) {
      if (expression?.type === 'AssignmentExpression' && expression.operator === '=' &&
          expression.left.type === 'Identifier' &&
          this.lookup(expression.left.name, expression.left) === declaration) {
        value = expression.right;
      }
    }
    return value;
  }

  collect_(node) {
    const names = new Map();
    const add = (kind, holder, pattern) => {
      for (const identifier of bound_identifiers(pattern)) {
        names.set(identifier.name, {kind, identifier, node: holder});
      }
    };

    if (is_function(node)) {
      if (node.type === 'FunctionExpression') add('self', node, node.id);
      for (const param of node.params) add('param', node, param);
      return names;
    }
    switch (node.type) {
      case 'Program':
      case 'StaticBlock':
        this.add_vars_(node, add);
        this.add_list_(node.body, add);
        break;
      case 'BlockStatement': {
        const parent = this.tree_.parent(node);
        if (is_function(parent)) {
          this.add_vars_(node, add);
          // `var x` beside a parameter x is that parameter.
          for (const name of this.declared(parent).keys()) {
            if (this.declared(parent).get(name).kind === 'param') names.delete(name);
          }
        }
        this.add_list_(node.body, add);
        break;
      }
      case 'SwitchStatement':
        for (const {consequent} of node.cases) this.add_list_(consequent, add);
        break;
      case 'ForStatement':
        this.add_list_([node.init], add);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.add_list_([node.left], add);
        break;
      case 'CatchClause':
        add('catch', node, node.param);
        break;
      case 'ClassExpression':
        add('class', node, node.id);
        break;
    }
    return names;
  }

  add_vars_(body, add) {
    walk(body, (node) => {
      if (node !== body && (is_function(node) || node.type === 'StaticBlock')) return false;
      if (node.type !== 'VariableDeclaration' || node.kind !== 'var') return true;
      for (const one of node.declarations) add('var', one, one.id);
      return true;
    });
  }

  add_list_(statements, add) {
    for (const statement of statements) {
      const node = statement?.declaration ?? statement;
      switch (node?.type) {
        case 'VariableDeclaration':
          if (node.kind === 'var') break;
          for (const one of node.declarations) add(node.kind, one, one.id);
          break;
        case 'FunctionDeclaration':
          add('function', node, node.id);
          break;
        case 'ClassDeclaration':
          add('class', node, node.id);
          break;
        case 'ImportDeclaration':
          for (const one of node.specifiers) add('import', one, one.local);
          break;
      }
    }
  }
}

module.exports = {
  Scopes,
  bound_identifiers
};

'use strict';

// A syntax tree that can be walked upwards and searched by position.

const kFunctions =
    new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const is_function = (node) => kFunctions.has(node?.type);

// The nodes directly below, whatever the node's type: all values that look like nodes.
function children(node) {
  const below = [];
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item?.type === 'string') below.push(item);
    }
  }
  return below;
}

// Calls visit(node, parent) for the node and all below it; a visit that returns
// false keeps the walk out of that node. No recursion: long chains of operators
// make trees deeper than the stack.
function walk(root, visit) {
  const pending = [[root, null]];
  while (pending.length > 0) {
    const [node, parent] = pending.pop();
    if (visit(node, parent) === false) continue;
    for (const child of children(node)) pending.push([child, node]);
  }
}

// The name of a property, method or member if the source spells it out, else null.
function key_name({key, property = key, computed}) {
  if (property.type === 'PrivateIdentifier') return `#${property.name}`;
  if (!computed && property.type === 'Identifier') return property.name;
  return property.type === 'Literal' ? String(property.value) : null;
}

class Tree {
  constructor(program) {
    this.program = program;
    this.parents_ = new Map();
    this.starts_ = new Map();
    walk(program, (node, parent) => {
      this.parents_.set(node, parent);
      if (!this.starts_.has(node.start)) this.starts_.set(node.start, []);
      this.starts_.get(node.start).push(node);
    });
  }

  // Null for the program.
  parent(node) {
    return this.parents_.get(node);
  }

  // The node itself, its parent, and so on up to the program.
  * upwards(node) {
    for (let at = node; at; at = this.parent(at)) yield at;
  }

  // The nodes that start at an offset, outermost first.
  starting_at(offset) {
    return this.starts_.get(offset) ?? [];
  }

  // The innermost node that holds the whole range.
  around({start, end}) {
    for (let node = this.program;;) {
      const inner = children(node).find((child) => child.start <= start && end <= child.end);
      if (!inner) return node;
      node = inner;
    }
  }

  // The nearest function that `node` lies in; `node` itself if it is one.
  function_around(node) {
    for (const at of this.upwards(node)) {
      if (is_function(at)) return at;
    }
    return null;
  }

  // What a reader would call the function: its own name, or that of the variable,
  // property or export that it is written into; null if there is none.
  function_name(fn) {
    if (fn.id) return fn.id.name;
    const parent = this.parent(fn);
    switch (parent.type) {
      case 'VariableDeclarator':
        return parent.id.name ?? null;
      case 'AssignmentPattern':
        return parent.left.name ?? null;
      case 'AssignmentExpression':
        return parent.left.type === 'MemberExpression' ? key_name(parent.left) :
                                                         parent.left.name ?? null;
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        return parent.value === fn ? key_name(parent) : null;
      case 'ExportDefaultDeclaration':
        return 'default';
      default:
        return null;
    }
  }
}

module.exports = {
  Tree,
  children,
  is_function,
  key_name,
  walk
};

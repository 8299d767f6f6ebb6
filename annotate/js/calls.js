'use strict';

// Finds the uses of the fwrun module: fwrun.snapshotHere(), beforeSnapshot(fn),
// afterRestore(fn), through the global `fwrun` or any local name for the module
// or for one of its functions.

const {key_name, walk} = require('./tree.js');

const kModule = 'fwrun';

// Names may stand for each other in a circle.
const kMaxSteps = 20;

const is_module_name = (node) => node?.type === 'Literal' && node.value === kModule;

class ModuleUses {
  constructor(tree, scopes) {
    this.tree_ = tree;
    this.scopes_ = scopes;
  }

  // The function of the module that an expression is: 'snapshotHere' ..., or null.
  function_name(expression, steps = kMaxSteps) {
    if (steps === 0) return null;
    if (expression.type === 'MemberExpression') {
      return this.is_module_(expression.object, steps - 1) ? key_name(expression) : null;
    }
    if (expression.type !== 'Identifier') return null;
    const found = this.scopes_.lookup(expression.name, expression);
    if (found?.kind === 'import') {
      const imported = found.node.type === 'ImportSpecifier' && this.imports_(found.node);
      return imported ? found.node.imported.name : null;
    }
    if (found?.node.type !== 'VariableDeclarator' || !found.node.init) return null;
    if (found.node.id === found.identifier) return this.function_name(found.node.init, steps - 1);
    const property = found.node.id.properties?.find((one) => one.value === found.identifier);
    return property && this.is_module_(found.node.init, steps - 1) ? key_name(property) : null;
  }

  is_module_(expression, steps) {
    if (steps === 0) return false;
    switch (expression.type) {
      case 'Identifier':
        return this.names_module_(expression, steps);
      case 'AwaitExpression':
        return this.is_module_(expression.argument, steps - 1);
      case 'ImportExpression':
        return is_module_name(expression.source);
      case 'CallExpression':
        return expression.callee.name === 'require' && is_module_name(expression.arguments[0]);
      case 'MemberExpression': {
        const name = key_name(expression);
        if (name === 'default') return this.is_module_(expression.object, steps - 1);
        return name === kModule && ['globalThis', 'global'].includes(expression.object.name);
      }
      default:
        return false;
    }
  }

  names_module_(identifier, steps) {
    const found = this.scopes_.lookup(identifier.name, identifier);
    if (!found) return identifier.name === kModule;
    if (found.kind === 'import') {
      const whole = found.node.type !== 'ImportSpecifier' || found.node.imported.name === 'default';
      return whole && this.imports_(found.node);
    }
    return found.node.type === 'VariableDeclarator' && found.node.id === found.identifier &&
        found.node.init !== null && this.is_module_(found.node.init, steps - 1);
  }

  imports_(specifier) {
    return is_module_name(this.tree_.parent(specifier).source);
  }

  // The statement that consists of the call alone, awaited or not; null if its
  // value is used.
  statement_of(call) {
    let node = this.tree_.parent(call);
    while (node.type === 'ChainExpression' || node.type === 'AwaitExpression') {
      node = this.tree_.parent(node);
    }
    return node.type === 'ExpressionStatement' ? node : null;
  }
}

// {snapshots: [{call, statement, line, column}], hooks: {before, after}}, in no
// particular order.
function find_calls(program, tree, scopes) {
  const uses = new ModuleUses(tree, scopes);
  const found = {snapshots: [], hooks: {before: 0, after: 0}};
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return;
    switch (uses.function_name(node.callee)) {
      case 'snapshotHere': {
        const {line, column} = node.loc.start;
        const statement = uses.statement_of(node);
        found.snapshots.push({call: node, statement, line, column: column + 1});
        break;
      }
      case 'beforeSnapshot':
        found.hooks.before++;
        break;
      case 'afterRestore':
        found.hooks.after++;
        break;
    }
  });
  return found;
}

module.exports = {find_calls};

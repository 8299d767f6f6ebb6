# What the top-level names of a file are bound to, and whether that can change.

import ast

from . import whitelist


class ModuleNames:
    def __init__(self, tree):
        self.bound_ = {}    # name -> [(line, node that says to what)]
        self.shared_ = {}   # name -> line of a `global` statement
        self.star_ = None   # line of an `import *`, which may bind anything
        for node in module_level(tree):
            self.collect_(node)
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                for name in node.names:
                    self.shared_.setdefault(name, node.lineno)

    def __contains__(self, name):
        return name in self.bound_ or name in self.shared_

    # Why the value of a global is not known for good; None if it is.
    def unsteady(self, name):
        if name in self.shared_:
            return f'{name} is declared global in line {self.shared_[name]}'
        if len(self.bound_.get(name, [])) > 1:
            return f'{name} is bound more than once (line {self.bound_[name][1][0]})'
        if self.star_ is not None:
            return f'line {self.star_} imports *, which may bind anything'
        return None

    # The definition, import or expression that binds a name once; None otherwise.
    def binding(self, name):
        bound = self.bound_.get(name, [])
        return bound[0][1] if len(bound) == 1 else None

    # ('math', None) for the module, ('math', 'sqrt') for a name imported from it.
    def imported(self, name):
        node = self.binding(name)
        if isinstance(node, ast.alias):
            return node.origin
        return None

    # Whether an expression has the same, immutable value whenever it is computed.
    def constant(self, node, depth=20):
        if depth == 0:
            return False
        if isinstance(node, ast.Constant):
            return isinstance(node.value, whitelist.CONSTANTS)
        if isinstance(node, ast.UnaryOp):
            return self.constant(node.operand, depth - 1)
        if isinstance(node, ast.BinOp):
            return self.constant(node.left, depth - 1) and self.constant(node.right, depth - 1)
        if isinstance(node, ast.Tuple):
            return all(self.constant(one, depth - 1) for one in node.elts)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return (self.imported(node.value.id) == ('math', None)
                    and node.attr in whitelist.MATH_CONSTANTS)
        if isinstance(node, ast.Name):
            return self.unsteady(node.id) is None and self.constant_name(node.id, depth - 1)
        return False

    def constant_name(self, name, depth=20):
        node = self.binding(name)
        if isinstance(node, ast.alias):
            return node.origin[0] == 'math' and node.origin[1] in whitelist.MATH_CONSTANTS
        return isinstance(node, ast.expr) and self.constant(node, depth)

    def bind_(self, name, line, node):
        self.bound_.setdefault(name, []).append((line, node))

    def collect_(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bind_(node.name, node.lineno, node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == '*':
                    self.star_ = node.lineno
                if isinstance(node, ast.Import):
                    top = alias.name if alias.asname else alias.name.partition('.')[0]
                    alias.origin = (top, None)
                    self.bind_(alias.asname or top, node.lineno, alias)
                else:
                    alias.origin = ('.' * node.level + (node.module or ''), alias.name)
                    self.bind_(alias.asname or alias.name, node.lineno, alias)
        elif isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets):
            for target in node.targets:
                self.bind_(target.id, node.lineno, node.value)
                target.recorded = True
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if node.value is not None:
                self.bind_(node.target.id, node.lineno, node.value)
            node.target.recorded = True
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if not hasattr(node, 'recorded'):
                self.bind_(node.id, node.lineno, None)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self.bind_(node.name, node.lineno, None)


# Every node that runs when the module is loaded, outer ones first; definitions
# count, their bodies do not.
def module_level(node):
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
                                  ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
                                  ast.GeneratorExp)):
            yield from module_level(child)

# Which names of a file stand for fwrun's or Numba's, scope by scope: a function
# that has its own variable `jit` does not mean ours.

import ast

MARKS = ('snapshot_here', 'jit', 'before_snapshot', 'after_restore')
HOOKS = {'before_snapshot': 'before_snapshot', 'after_restore': 'after_restore',
         'register_before_snapshot': 'before_snapshot',
         'register_after_restore': 'after_restore'}
MODULES = ('fwrun', 'numba', 'snapshot_restore_py')

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = FUNCTIONS + COMPREHENSIONS + (ast.ClassDef, ast.Module)


# What belongs to a definition but is evaluated outside of its scope.
def outside_parts(scope):
    parts = list(getattr(scope, 'decorator_list', []))
    if isinstance(scope, ast.arguments):
        parts += [*scope.defaults, *(d for d in scope.kw_defaults if d)]
    return parts + list(getattr(scope, 'bases', []))


class Scopes:
    def __init__(self, tree):
        self.tree = tree
        self.parents = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        self.bound_ = {tree: {}}
        for node in ast.walk(tree):
            self.collect_(node)

    # The nodes around `node`, innermost first.
    def around(self, node):
        while node in self.parents:
            node = self.parents[node]
            yield node

    # ('fwrun', 'jit') for a node that names fwrun's jit, ('numba', '') for numba
    # itself; None for anything that is not an import of ours.
    def meaning(self, node):
        if isinstance(node, ast.Attribute):
            inner = self.meaning(node.value)
            if inner is None:
                return None
            module, path = inner
            return (module, f'{path}.{node.attr}' if path else node.attr)
        if not isinstance(node, ast.Name):
            return None
        return self.look_up_(node) or None

    # Uses of our marks as decorators or calls, where the name is bound nowhere.
    def missing(self):
        for node in ast.walk(self.tree):
            uses = list(getattr(node, 'decorator_list', []))
            if isinstance(node, ast.Call):
                uses.append(node.func)
            for use in uses:
                if isinstance(use, ast.Name) and use.id in MARKS and self.look_up_(use) is None:
                    yield use.id, use

    # How often each hook is registered, as a decorator or by a call.
    def hooks(self):
        counts = {'before_snapshot': 0, 'after_restore': 0}
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Name, ast.Attribute)):
                meaning = self.meaning(node)
                if meaning and meaning[0] != 'numba' and meaning[1] in HOOKS:
                    counts[HOOKS[meaning[1]]] += 1
        return counts

    # None: not bound in this file. False: bound to something else.
    def look_up_(self, name):
        first, inner = True, name
        for scope in self.around(name):
            outside = inner in outside_parts(scope)
            inner = scope
            if outside or not isinstance(scope, SCOPES):
                continue
            visible = first or not isinstance(scope, ast.ClassDef)
            first = False
            bindings = self.bound_.get(scope, {})
            if visible and name.id in bindings:
                return bindings[name.id]
        return None

    def bind_(self, node, name, meaning=False):
        names = self.bound_.setdefault(self.scope_of_(node), {})
        names[name] = meaning or names.get(name, False)

    # A parameter belongs to its function; anything else to what stands around it.
    def scope_of_(self, node):
        return next(n for n in self.around(node) if isinstance(n, SCOPES))

    def collect_(self, node):
        if isinstance(node, ast.ImportFrom):
            ours = node.module in MODULES and node.level == 0
            for alias in node.names:
                if alias.name == '*' and node.module == 'fwrun':
                    for mark in MARKS:
                        self.bind_(node, mark, ('fwrun', mark))
                meaning = (node.module, alias.name) if ours else False
                self.bind_(node, alias.asname or alias.name, meaning)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top, _, rest = alias.name.partition('.')
                ours = top in MODULES
                meaning = (top, rest if alias.asname else '') if ours else False
                self.bind_(node, alias.asname or top, meaning)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.bind_(node, node.id)
        elif isinstance(node, ast.arg):
            self.bind_(node, node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.bind_(node, node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self.bind_(node, node.name)

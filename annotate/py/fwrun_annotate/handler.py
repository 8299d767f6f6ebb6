# Finds the function that serves invocations, from what the file spells out:
# definitions, second names, classes and instances. Names are followed, calls not.

import ast

CONVENTIONS = (['handler'], ['lambda_handler'], ['main'])
# Second names may form a circle; nobody chains more of them.
MAX_STEPS = 100


# `function` is the definition (or a lambda), None when the file does not spell it
# out; `made_from` the names of functions that are given to a call which makes the
# handler; `path` the attributes that were looked for, `bound` how many leading
# parameters the language fills in (self).
class Handler:
    def __init__(self, path, function=None, bound=0, made_from=()):
        self.path = path
        self.function = function
        self.bound = bound
        self.made_from = made_from

    @property
    def name(self):
        return '.'.join(self.path) if self.path else 'handler'

    # The positional parameters that an invocation fills: at most event and context.
    def parameters(self):
        arguments = self.function.args
        names = [a.arg for a in arguments.posonlyargs + arguments.args]
        return names[self.bound:][:2]


def find_handler(tree, path):
    bindings = top_bindings(tree)
    for names in [path] if path else CONVENTIONS:
        if names[0] in bindings:
            return follow(bindings, names)
    return Handler(path)


# What each top-level name was last bound to: a definition or an expression.
def top_bindings(tree):
    bindings = {}
    for node in statements(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bindings[node.name] = node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bindings[target.id] = node.value
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            bindings[node.target.id] = node.value
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                bindings[alias.asname or alias.name] = node
    return bindings


# The statements of a block and of the blocks in it, without functions and classes.
def statements(body):
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for field in ('body', 'orelse', 'finalbody'):
                yield from statements(getattr(node, field, []))
            for part in getattr(node, 'handlers', []) + getattr(node, 'cases', []):
                yield from statements(part.body)


def follow(bindings, path):
    node, rest, instance = bindings[path[0]], list(path[1:]), False
    for _ in range(MAX_STEPS):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return Handler(path, node if not rest else None)
        if isinstance(node, ast.Name) and node.id in bindings:
            node = bindings[node.id]
        elif isinstance(node, ast.Attribute):
            rest.insert(0, node.attr)
            node = node.value
        elif isinstance(node, ast.ClassDef):
            return method(node, path, rest, instance)
        elif isinstance(node, ast.Call):
            made = bindings.get(node.func.id) if isinstance(node.func, ast.Name) else None
            if not isinstance(made, ast.ClassDef):
                given = [a.id for a in node.args if isinstance(a, ast.Name)]
                return Handler(path, made_from=given)
            node, instance = made, True
        else:
            break
    return Handler(path)


def method(owner, path, rest, instance):
    name = rest[0] if rest else '__call__'
    if len(rest) > 1 or not (rest or instance):
        return Handler(path)
    for node in owner.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            kinds = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
            bound = 0 if 'staticmethod' in kinds else int(instance or 'classmethod' in kinds)
            return Handler(path, node, bound)
    return Handler(path)
